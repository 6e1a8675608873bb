namespace Cria.Data.Sampling;

/// <summary>
/// The same floor((N - 1) / T) windows side by side in every epoch, or a subset of them, in that epoch's own shuffle, or in the order
/// of the text, which is the order for evaluation.
/// </summary>
sealed class WindowsOrder : IWindowOrder
{
    // No epoch has this number, so no shuffle has the key of a subset.
    const ulong Subsets = ulong.MaxValue;

    readonly ulong _key;
    readonly int _length;
    readonly bool _shuffles;
    readonly KeyedPermutation? _subset;

    public WindowsOrder(TokenRing ring, int sequenceLength, ulong seed, SampleOptions options)
    {
        long tokens = ring.Stream.Tokens;
        (_length, _shuffles) = (sequenceLength, options.Shuffle);
        _key = KeyedHash.Combine(seed, ring.Key);
        SamplesPerEpoch = (tokens - 1) / sequenceLength;
        if (SamplesPerEpoch < 1)
            throw ring.TooShort(sequenceLength, sequenceLength + 1L, tokens - 1);
        if (options.Subset == 0)
            return;
        if (options.Subset > SamplesPerEpoch)
            throw new DataException($"{ring.Stream.Name} has {SamplesPerEpoch} windows of {sequenceLength} tokens, and data.reader.subset asks for " +
                $"{options.Subset}; ask for fewer, or leave it out.");
        _subset = new KeyedPermutation(KeyedHash.Combine(KeyedHash.Combine(options.SubsetSeed, ring.Key), Subsets), SamplesPerEpoch);
        SamplesPerEpoch = options.Subset;
    }

    public long SamplesPerEpoch { get; }

    public long Position(long sample) => (_subset is { } subset ? subset[Index(sample)] : Index(sample)) * _length;

    /// <summary>Which of the windows that are read a sample is, in the order in which they are without a shuffle.</summary>
    public long Index(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, SamplesPerEpoch);
        return _shuffles ? new KeyedPermutation(KeyedHash.Combine(_key, (ulong)epoch), SamplesPerEpoch)[index] : index;
    }
}
