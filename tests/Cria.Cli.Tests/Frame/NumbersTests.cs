using Cria.Cli.Frame;

namespace Cria.Cli.Tests.Frame;

public sealed class NumbersTests
{
    [Theory]
    [InlineData("8192", 8192)]
    [InlineData("8_000_000", 8_000_000)]
    [InlineData("1e6", 1_000_000)]
    [InlineData("10M", 10_000_000)]
    [InlineData("1.5k", 1500)]
    [InlineData("2B", 2_000_000_000)]
    public void Counts_are_read_as_people_write_them(string text, long expected)
    {
        Assert.True(Numbers.TryCount(text, out decimal count));
        Assert.Equal(expected, count);
    }

    [Theory]
    [InlineData(""), InlineData("k"), InlineData("many"), InlineData("1.5"), InlineData("1,000"), InlineData("9e28"), InlineData("9e28B")]
    public void What_is_no_whole_number_is_refused(string text) =>
        Assert.False(Numbers.TryCount(text, out decimal count) && count < 1e28m);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("3h", 10_800)]
    [InlineData("1h30m", 5400)]
    [InlineData("0.5d", 43_200)]
    [InlineData("2m5s", 125)]
    public void Durations_are_read_with_their_units(string text, double seconds)
    {
        Assert.True(Numbers.TryDuration(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData(""), InlineData("90"), InlineData("h"), InlineData("30m1h"), InlineData("3x"), InlineData("-3h"), InlineData("1h1h")]
    public void A_duration_without_units_or_in_disorder_is_refused(string text) =>
        Assert.False(Numbers.TryDuration(text, out _));
}
