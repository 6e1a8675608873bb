namespace Cria.Data.Sampling;

/// <summary>
/// Which source each sample of a mixture comes from, and which of that source's own samples it is, without a count of what
/// was picked before: samples come in blocks; a block holds every source exactly as often as its weight says, in a
/// shuffle of the block's own. So each source's samples are used up in their order, none left out, none twice.
/// </summary>
sealed class MixtureSchedule
{
    /// <summary>The longest block. Weights that no block of this length can give exactly are rounded to it.</summary>
    const int MaxBlock = 1 << 16;

    const int MaxDecimals = 6;

    readonly int[] _starts; // slots [_starts[s], _starts[s + 1]) of a block are source s's
    readonly ulong _key;

    /// <param name="weights">Positive; only their proportions count.</param>
    /// <param name="key">Of the shuffles.</param>
    public MixtureSchedule(IReadOnlyList<double> weights, ulong key)
    {
        _key = key;
        int[] counts = Exact(weights) ?? Rounded(weights);
        _starts = new int[counts.Length + 1];
        for (int source = 0; source < counts.Length; source++)
            _starts[source + 1] = _starts[source] + counts[source];
    }

    /// <summary>Samples of a block.</summary>
    public int Block => _starts[^1];

    /// <summary>How many samples of a block come from a source.</summary>
    public int Count(int source) => _starts[source + 1] - _starts[source];

    /// <summary>Sample <paramref name="sample"/> of the mixture is this sample of this source.</summary>
    public (int Source, long Sample) Pick(long sample)
    {
        (long block, long index) = Math.DivRem(sample, Block);
        int slot = (int)new KeyedPermutation(KeyedHash.Combine(_key, (ulong)block), Block)[index];
        int found = _starts.AsSpan().BinarySearch(slot), source = found >= 0 ? found : ~found - 1;
        return (source, block * Count(source) + slot - _starts[source]);
    }

    // 2.5, 4.5, 15: decimals become whole numbers, and what they have in common goes.
    static int[]? Exact(IReadOnlyList<double> weights)
    {
        for (double scale = 1, decimals = 0; decimals <= MaxDecimals; scale *= 10, decimals++)
        {
            double[] scaled = [.. weights.Select(weight => weight * scale)];
            if (scaled.Max() > 1e12)
                return null;
            long[] whole = [.. scaled.Select(weight => (long)Math.Round(weight))];
            if (whole.Zip(scaled).Any(pair => pair.First < 1 || Math.Abs(pair.First - pair.Second) > 1e-9 * pair.Second))
                continue;
            long common = whole.Aggregate(Gcd);
            return whole.Sum() / common <= MaxBlock ? [.. whole.Select(weight => (int)(weight / common))] : null;
        }

        return null;

        static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
    }

    // Largest remainders, and at least one sample for every source.
    static int[] Rounded(IReadOnlyList<double> weights)
    {
        int spare = MaxBlock - weights.Count;
        double greatest = weights.Max(), total = weights.Sum(weight => weight / greatest); // no overflow
        double[] shares = [.. weights.Select(weight => weight / greatest / total * MaxBlock)];
        double[] beyond = [.. shares.Select(share => Math.Max(0, share - 1))];
        double sum = beyond.Sum();
        double[] wanted = [.. beyond.Select(share => sum == 0 ? 0 : share / sum * spare)];
        int[] counts = [.. wanted.Select(count => 1 + (int)count)];
        int[] byRemainder =
            [.. Enumerable.Range(0, counts.Length).OrderByDescending(source => wanted[source] - Math.Floor(wanted[source]))];
        int missing = MaxBlock - counts.Sum();
        for (int i = 0; i < missing; i++)
            counts[byRemainder[i % byRemainder.Length]]++;
        return counts;
    }
}
