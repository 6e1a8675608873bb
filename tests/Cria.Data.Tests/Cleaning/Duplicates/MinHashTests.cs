using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class MinHashTests
{
    const int Hashes = 256;

    /// <summary>
    /// The mean over many hash functions is the Jaccard index, within four standard errors, also where far fewer
    /// shingles than bins leave most bins to be filled.
    /// </summary>
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(3, 0.5)]
    [InlineData(20, 0.25)]
    [InlineData(20, 0.9)]
    [InlineData(150, 0.5)]
    [InlineData(300, 0.1)]
    [InlineData(3000, 0.5)]
    [InlineData(3000, 0.02)]
    public void The_estimate_is_unbiased_at_every_size(int size, double jaccard)
    {
        const int draws = 800;
        (ulong[] a, ulong[] b) = SyntheticSets.Pair(size, jaccard, 5);
        double exact = SyntheticSets.Jaccard(a, b);
        double[] estimates = [.. Enumerable.Range(0, draws).Select(seed => Estimate(a, b, (ulong)seed))];
        double mean = estimates.Average(), variance = estimates.Sum(e => (e - mean) * (e - mean)) / (draws - 1);
        Assert.InRange(mean, exact - (4 * Math.Sqrt(variance / draws)) - 1e-9, exact + (4 * Math.Sqrt(variance / draws)) + 1e-9);
        if (size >= Hashes) // drawing without replacement varies no more than independent functions would (chi-squared, 4 deviations)
            Assert.InRange(variance, 0, exact * (1 - exact) / Hashes * (1 + (4 * Math.Sqrt(2.0 / draws))));
    }

    [Fact]
    public void Order_and_repetition_of_shingles_change_nothing()
    {
        (ulong[] a, _) = SyntheticSets.Pair(100, 0.5, 3);
        Assert.Equal(Signature(a, 1), Signature([.. a.Reverse(), .. a[10..30]], 1));
        Assert.NotEqual(Signature(a, 1), Signature(a, 2));
    }

    [Fact]
    public void Every_bin_is_filled_even_from_one_shingle()
    {
        Assert.DoesNotContain(MinHash.Empty, Signature([42], 0));
        Assert.Single(Signature([42], 0).Distinct());
        Assert.All(Signature([], 0), minimum => Assert.Equal(MinHash.Empty, minimum));
    }

    [Fact]
    public void Band_keys_are_equal_where_all_rows_of_the_band_are()
    {
        var minHash = new MinHash(new Banding(51, 5), Hashes, 0);
        uint[] minima = Signature([1, 2, 3, 4], 0);
        ulong[] before = new ulong[51], after = new ulong[51];
        minHash.BandKeys(minima, before);
        minima[7]++; // the second band
        minHash.BandKeys(minima, after);
        Assert.Equal([1], Enumerable.Range(0, 51).Where(band => before[band] != after[band]));
        Assert.Equal(51, before.Distinct().Count());
        Assert.DoesNotContain(0UL, before);
    }

    static double Estimate(ulong[] a, ulong[] b, ulong seed) =>
        Signature(a, seed).Zip(Signature(b, seed)).Count(pair => pair.First == pair.Second) / (double)Hashes;

    static uint[] Signature(ulong[] shingles, ulong seed)
    {
        uint[] minima = new uint[Hashes];
        new MinHash(new Banding(51, 5), Hashes, seed).Signature(shingles, minima);
        return minima;
    }
}
