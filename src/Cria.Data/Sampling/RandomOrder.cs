namespace Cria.Data.Sampling;

/// <summary>
/// Every sample begins at a uniformly random place of [0, N - T), drawn anew with no memory of the others: nanoGPT's
/// batches, and those of lilLM and Inheritune. In an epoch's worth of samples 1/e of the text is not seen.
/// </summary>
sealed class RandomOrder : IWindowOrder
{
    readonly ulong _key;
    readonly long _places;

    public RandomOrder(TokenRing ring, int sequenceLength, ulong seed)
    {
        long tokens = ring.Stream.Tokens;
        _key = KeyedHash.Combine(seed, ring.Key);
        _places = tokens - sequenceLength;
        if (_places < 1)
            throw ring.TooShort(sequenceLength, sequenceLength + 1L, tokens - 1);
        SamplesPerEpoch = Math.Max(1, (tokens - 1) / sequenceLength);
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample) => KeyedHash.Below(KeyedHash.Combine(_key, (ulong)sample), _places);
}
