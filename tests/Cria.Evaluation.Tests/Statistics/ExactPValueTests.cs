using Cria.Evaluation.Statistics;

namespace Cria.Evaluation.Tests.Statistics;

public sealed class ExactPValueTests
{
    // Rank sums at the edge of the published tables, and how many of the 2^n signs give no more.
    [Theory]
    [InlineData(8, 3, 5)]
    [InlineData(10, 8, 25)]
    [InlineData(12, 13, 87)]
    [InlineData(20, 52, 25_397)]
    [InlineData(25, 89, 809_709)]
    public void Signed_ranks_as_in_the_tables(int pairs, int sum, double count)
    {
        double[] differences = [.. Enumerable.Range(1, pairs).Select(rank => -(double)rank)];
        for (int rank = pairs; rank > 0; rank--) // the greatest ranks that still fit
            if (rank <= sum)
            {
                differences[rank - 1] = rank;
                sum -= rank;
            }
        Assert.Equal(2 * count / Math.Pow(2, pairs), ExactPValue.SignedRank(differences), 1e-14);
    }

    [Fact]
    public void Shared_ranks_have_their_own_exact_distribution_and_nothing_counts_for_nothing() =>
        Assert.Equal(0.265625, ExactPValue.SignedRank([1, 1, 0, -1, 2, 3, -2, 4]), 1e-14);

    [Fact]
    public void Three_pairs_that_agree_prove_nothing_yet()
    {
        Assert.Equal(0.25, ExactPValue.SignedRank([0.1, 0.2, 0.3]), 1e-15);
        Assert.Equal(0.25, ExactPValue.Sign([0.1, 0.2, 0.3]), 1e-15);
        Assert.Equal(1, ExactPValue.SignedRank([0, 0]));
        Assert.Equal(1, ExactPValue.Sign([]));
    }

    [Theory]
    [InlineData(8, 8, 2.0 / 256)]
    [InlineData(8, 7, 2.0 * 9 / 256)]
    [InlineData(10, 8, 2.0 * 56 / 1024)]
    [InlineData(4, 2, 1)]
    public void Majorities_of_signs(int pairs, int positive, double expected) =>
        Assert.Equal(expected, ExactPValue.Sign([.. Enumerable.Range(0, pairs).Select(i => i < positive ? 1.0 : -1.0)]), 1e-14);
}
