namespace Cria.Data.Sampling;

/// <summary>
/// BabyLlama's chunks: an epoch takes chunks 0 to floor(N / T) - 2 in a shuffle of its own, and each begins r tokens after
/// its place, with r drawn from [0, T) anew every time. Neighbours may overlap or leave a gap of almost T tokens.
/// </summary>
sealed class RandomChunkOrder : IWindowOrder
{
    // No epoch has this number, so no shuffle has the key of the offsets.
    const ulong Offsets = ulong.MaxValue;

    readonly ulong _key, _offsetKey;
    readonly int _length;

    public RandomChunkOrder(TokenRing ring, int sequenceLength, ulong seed)
    {
        long tokens = ring.Stream.Tokens;
        _length = sequenceLength;
        _key = KeyedHash.Combine(seed, ring.Key);
        _offsetKey = KeyedHash.Combine(_key, Offsets);
        SamplesPerEpoch = tokens / sequenceLength - 1;
        if (SamplesPerEpoch < 1)
            throw ring.TooShort(sequenceLength, 2L * sequenceLength, tokens / 2);
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, SamplesPerEpoch);
        long chunk = new KeyedPermutation(KeyedHash.Combine(_key, (ulong)epoch), SamplesPerEpoch)[index];
        return chunk * _length + KeyedHash.Below(KeyedHash.Combine(_offsetKey, (ulong)sample), _length);
    }
}
