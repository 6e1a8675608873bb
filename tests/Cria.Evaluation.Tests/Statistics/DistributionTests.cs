using Cria.Evaluation.Statistics;

namespace Cria.Evaluation.Tests.Statistics;

/// <summary>Against values computed apart from this program, with thirty digits.</summary>
public sealed class DistributionTests
{
    [Theory]
    [InlineData(0.975, 1, 12.7062047361747)]
    [InlineData(0.975, 2, 4.30265272974946)]
    [InlineData(0.975, 4, 2.77644510519779)]
    [InlineData(0.95, 7, 1.89457860509001)]
    [InlineData(0.995, 3, 5.84090930973336)]
    [InlineData(0.999, 16, 3.68615479268601)]
    [InlineData(0.9995, 35, 3.59114677581078)]
    [InlineData(0.6, 5, 0.267180865704145)]
    [InlineData(0.975, 1000, 1.96233908082641)]
    public void Quantiles_of_t(double share, double freedom, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile(share, freedom), 1e-10);
        Assert.Equal(-expected, StudentT.Quantile(1 - share, freedom), 1e-9);
        Assert.Equal(share, StudentT.Cumulative(expected, freedom), 1e-12);
    }

    [Theory]
    [InlineData(1.5, 3, 0.884708067377588)]
    [InlineData(-2.2, 11, 0.0250430554909021)]
    [InlineData(0.3, 1, 0.592773579077742)]
    [InlineData(4.5, 2, 0.976999046002862)]
    [InlineData(12, 40, 0.999999999999996)]
    [InlineData(0, 6, 0.5)]
    public void Chances_of_t(double t, double freedom, double expected)
    {
        Assert.Equal(expected, StudentT.Cumulative(t, freedom), 1e-13);
        Assert.Equal(2 * Math.Min(expected, 1 - expected), StudentT.TwoSided(t, freedom), 1e-13);
    }

    [Theory]
    [InlineData(2, 3, 1, 0.743629868408)]
    [InlineData(4.302652729696, 2, 2.5, 0.700549341085)]
    [InlineData(-1, 5, 0.5, 0.0824440910567)]
    [InlineData(12.7062047361747, 1, 10, 0.432693433598)]
    [InlineData(2.1, 16, 3, 0.190681919085)]
    [InlineData(1.5, 3, 0, 0.884708067377588)]
    public void Chances_of_the_noncentral_t(double t, double freedom, double shift, double expected) =>
        Assert.Equal(expected, StudentT.Noncentral(t, freedom, shift), 1e-9);

    [Theory]
    [InlineData(1, 16.3340088699)]
    [InlineData(2, 5.6534892662)]
    [InlineData(4, 3.76105955383)]
    [InlineData(7, 3.26975984039)]
    public void What_a_test_at_five_percent_finds_four_times_in_five(double freedom, double expected)
    {
        Assert.Equal(expected, StudentT.DetectableShift(0.8, freedom, 0.05), 1e-7);
        Assert.Equal(0.8, StudentT.Power(expected, freedom, 0.05), 1e-8);
        Assert.Equal(0.05, StudentT.Power(0, freedom, 0.05), 1e-9);
    }

    [Theory]
    [InlineData(0.5, 0.691462461274013)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(3, 0.99865010196837)]
    [InlineData(-5, 2.86651571879194e-7)]
    [InlineData(-7.5, 3.1908916729109e-14)]
    [InlineData(6.5, 0.99999999995984)]
    public void Chances_of_the_normal(double x, double expected) => Assert.Equal(expected, Normal.Cumulative(x), 1e-14);
}
