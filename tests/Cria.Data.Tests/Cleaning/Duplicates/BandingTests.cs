using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class BandingTests
{
    [Theory]
    [InlineData(0.5, 4)]
    [InlineData(0.6, 5)]
    [InlineData(0.7, 6)]
    [InlineData(0.8, 9)]
    [InlineData(1, 256)]
    [InlineData(0.01, 1)]
    public void The_most_rows_are_taken_that_still_find_pairs_at_the_threshold(double threshold, int rows)
    {
        Banding banding = Banding.For(threshold, 256);
        Assert.Equal(new Banding(256 / rows, rows), banding);
        Assert.True(rows == 1 || banding.Probability(threshold) >= Banding.FoundAtThreshold);
        Assert.True(rows == 256 || new Banding(256 / (rows + 1), rows + 1).Probability(threshold) < Banding.FoundAtThreshold);
    }

    [Theory]
    [InlineData(20, 5, 0.2, 0.006)]
    [InlineData(20, 5, 0.5, 0.470)]
    [InlineData(20, 5, 0.8, 0.9996)]
    public void The_S_curve_is_the_one_of_the_textbook(int bands, int rows, double jaccard, double expected) =>
        Assert.Equal(expected, new Banding(bands, rows).Probability(jaccard), expected > 0.9 ? 4 : 3);

    /// <summary>Pairs of known likeness share a band as often as the formula says: 2000 pairs, four standard deviations.</summary>
    [Theory]
    [InlineData(20, 5, 0.3)]
    [InlineData(20, 5, 0.5)]
    [InlineData(20, 5, 0.6)]
    [InlineData(51, 5, 0.35)]
    [InlineData(51, 5, 0.45)]
    [InlineData(28, 9, 0.7)]
    public void Pairs_are_found_as_often_as_the_formula_says(int bands, int rows, double jaccard)
    {
        const int pairs = 2000, size = 1000;
        var banding = new Banding(bands, rows);
        int found = 0;
        uint[] minima = new uint[256];
        ulong[] left = new ulong[bands], right = new ulong[bands];
        for (int pair = 0; pair < pairs; pair++)
        {
            (ulong[] a, ulong[] b) = SyntheticSets.Pair(size, jaccard, (ulong)pair);
            var minHash = new MinHash(banding, 256, seed: (ulong)pair);
            minHash.Signature(a, minima);
            minHash.BandKeys(minima, left);
            minHash.Signature(b, minima);
            minHash.BandKeys(minima, right);
            found += left.Zip(right).Any(keys => keys.First == keys.Second) ? 1 : 0;
        }

        double expected = banding.Probability(jaccard), deviation = Math.Sqrt(expected * (1 - expected) / pairs);
        // Bins of one permutation are drawn without replacement: a little more even than the formula's independent rows.
        Assert.InRange((double)found / pairs, expected - (4 * deviation) - 0.01, expected + (4 * deviation) + 0.01);
    }
}
