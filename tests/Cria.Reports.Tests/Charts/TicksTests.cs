using Cria.Reports.Charts;

namespace Cria.Reports.Tests.Charts;

public sealed class TicksTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.37, 3.3, "0.5 1.0 1.5 2.0 2.5 3.0")]
    [InlineData(1, 2400, "500 1,000 1,500 2,000")]
    [InlineData(0, 16_000, "0 5K 10K 15K")]
    [InlineData(-0.03, 0.03, "−0.03 −0.02 −0.01 0.00 0.01 0.02 0.03")]
    [InlineData(0, 0.0021, "0.0000 0.0005 0.0010 0.0015 0.0020")]
    [InlineData(0, 3e6, "0 500K 1M 1.5M 2M 2.5M 3M")]
    [InlineData(0, 2e-7, "0 5e-8 1e-7 1.5e-7 2e-7")]
    public void Linear_ticks_are_round_numbers(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Linear(low, high, 5, AxisFormat.Number).Select(t => t.Label)));

    [Theory]
    [InlineData(0.4, 8, "0.5 1 2 5")]
    [InlineData(1, 100, "1 2 5 10 20 50 100")]
    [InlineData(1e-5, 1e5, "1e-5 0.001 0.1 10 1,000 100K")]
    [InlineData(2.1, 4.4, "2.5 3.0 3.5 4.0")]
    public void Logarithmic_ticks_are_round_numbers(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Logarithmic(low, high, 5, AxisFormat.Number).Select(t => t.Label)));

    [Fact]
    public void Shares_are_shown_as_percent() => Assert.Equal(
        "0 % 20 % 40 % 60 % 80 % 100 %",
        string.Join(' ', Ticks.Linear(0, 1, 5, AxisFormat.Percent).Select(t => t.Label)));

    [Fact]
    public void Ticks_lie_inside_at_even_distances_and_are_neither_few_nor_many()
    {
        for (double high = 1e-6; high < 1e9; high *= 1.37)
        {
            double low = -0.3 * high;
            List<Tick> ticks = Ticks.Linear(low, high, 5, AxisFormat.Number);
            double step = Ticks.Step(high - low, 5);

            Assert.InRange(ticks.Count, 3, 9);
            Assert.Equal(ticks.Count, ticks.Select(t => t.Label).Distinct().Count());
            for (int i = 0; i < ticks.Count; i++)
            {
                Assert.InRange(ticks[i].Value, low - (step * 1e-6), high + (step * 1e-6));
                Assert.Equal(ticks[0].Value + (i * step), ticks[i].Value, step * 1e-9);
            }
        }
    }
}
