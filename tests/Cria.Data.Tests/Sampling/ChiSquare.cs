namespace Cria.Data.Tests.Sampling;

/// <summary>Are counts what draws would give? Seeds are fixed, so a test says the same every time.</summary>
static class ChiSquare
{
    /// <summary>Neither too uneven nor too even: within four standard deviations of the statistic.</summary>
    public static void IsPlausible(IReadOnlyList<long> counts)
    {
        double expected = counts.Average(), freedom = counts.Count - 1;
        Assert.True(expected >= 10, "too few draws to judge");
        double statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double band = 4 * Math.Sqrt(2 * freedom);
        Assert.InRange(statistic, freedom - band, freedom + band);
    }
}
