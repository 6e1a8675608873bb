namespace Cria.Reports.Tests;

public sealed class HumanTests
{
    [Theory]
    [InlineData(39_596_544, "39.6M"), InlineData(0, "0"), InlineData(999, "999"), InlineData(4096, "4.1K")]
    [InlineData(999_950, "1M"), InlineData(1e12, "1T"), InlineData(123_456, "123K"), InlineData(-1500, "−1.5K")]
    [InlineData(double.NaN, "–"), InlineData(9_999, "10K"), InlineData(5e15, "5000T")]
    public void Counts_have_three_digits_and_a_unit(double value, string text) =>
        Assert.Equal(text, Human.Count(value));

    [Theory]
    [InlineData(0, "0 B"), InlineData(1023, "1023 B"), InlineData(1536, "1.5 KiB"), InlineData(10_485_760, "10 MiB")]
    [InlineData(1_073_741_823, "1 GiB")]
    public void Bytes_go_by_1024(double value, string text) => Assert.Equal(text, Human.Bytes(value));

    [Theory]
    [InlineData(0.0000042, "4.2 µs"), InlineData(0.0123, "12.3 ms"), InlineData(0.42, "0.42 s")]
    [InlineData(59.94, "59.9 s"), InlineData(59.97, "1 min 00 s"), InlineData(185, "3 min 05 s")]
    [InlineData(3599.7, "1 h 00 min"), InlineData(3720, "1 h 02 min"), InlineData(183_600, "2 d 3 h")]
    [InlineData(-185, "−3 min 05 s"), InlineData(0, "0 µs")]
    public void Durations_show_the_two_units_that_matter(double seconds, string text) =>
        Assert.Equal(text, Human.Duration(TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))));

    [Theory]
    [InlineData(0.47, "0.470"), InlineData(12345.6, "12,346"), InlineData(1.23456, "1.23"), InlineData(0, "0.00")]
    [InlineData(-0.5, "−0.500"), InlineData(double.PositiveInfinity, "–"), InlineData(0.00012345, "0.000123")]
    public void Numbers_keep_their_significant_digits(double value, string text) =>
        Assert.Equal(text, Human.Number(value));

    [Fact]
    public void Shares_are_percent() => Assert.Equal("92.3 %", Human.Percent(0.9234));
}
