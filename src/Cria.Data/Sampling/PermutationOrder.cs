namespace Cria.Data.Sampling;

/// <summary>
/// One epoch takes every window of the ring once, in that epoch's own shuffle; where the windows begin moves from epoch to
/// epoch by a random offset. Every epoch has the same number of windows and leaves fewer than T tokens unused.
/// </summary>
sealed class PermutationOrder : IWindowOrder
{
    readonly ulong _key;
    readonly long _ring;
    readonly int _length;

    public PermutationOrder(TokenRing ring, int sequenceLength, ulong seed)
    {
        (_ring, _length) = (ring.Length, sequenceLength);
        _key = KeyedHash.Combine(seed, ring.Key);
        SamplesPerEpoch = ring.Length / sequenceLength;
        if (SamplesPerEpoch == 0)
            throw ring.TooShort(sequenceLength, sequenceLength + (ring.Stream.Tokens - ring.Length), ring.Length);
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, SamplesPerEpoch);
        ulong key = KeyedHash.Combine(_key, (ulong)epoch);
        long offset = KeyedHash.Below(KeyedHash.Combine(key, 0), _length);
        long window = new KeyedPermutation(key, SamplesPerEpoch)[index];
        return (offset + window * _length) % _ring;
    }
}
