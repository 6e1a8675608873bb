namespace Cria.Data.Sampling;

/// <summary>
/// The text from its beginning to its end, file after file, and on from the beginning: sample <c>i</c> begins at token
/// <c>i · T</c> of the ring. No token is used a second time before every other has been used once. Nothing is shuffled, so
/// this is for corpora that were shuffled when they were made.
/// </summary>
sealed class SequentialOrder : IWindowOrder
{
    readonly long _ring;
    readonly int _length;

    public SequentialOrder(TokenRing ring, int sequenceLength)
    {
        (_ring, _length) = (ring.Length, sequenceLength);
        SamplesPerEpoch = ring.Length / sequenceLength;
        if (SamplesPerEpoch == 0)
            throw ring.TooShort(sequenceLength, sequenceLength + (ring.Stream.Tokens - ring.Length), ring.Length);
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample) => (long)((UInt128)sample * (uint)_length % (UInt128)_ring);
}
