namespace Cria.Data.Sampling;

/// <summary>
/// The same floor((N - 1) / T) windows side by side in every epoch, in that epoch's own shuffle, or in the order of the
/// text, which is the order for evaluation.
/// </summary>
sealed class WindowsOrder : IWindowOrder
{
    readonly ulong _key;
    readonly int _length;
    readonly bool _shuffles;

    public WindowsOrder(TokenRing ring, int sequenceLength, ulong seed, bool shuffles)
    {
        long tokens = ring.Stream.Tokens;
        (_length, _shuffles) = (sequenceLength, shuffles);
        _key = KeyedHash.Combine(seed, ring.Key);
        SamplesPerEpoch = (tokens - 1) / sequenceLength;
        if (SamplesPerEpoch < 1)
            throw ring.TooShort(sequenceLength, sequenceLength + 1L, tokens - 1);
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, SamplesPerEpoch);
        if (_shuffles)
            index = new KeyedPermutation(KeyedHash.Combine(_key, (ulong)epoch), SamplesPerEpoch)[index];
        return index * _length;
    }
}
