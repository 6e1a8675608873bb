namespace Cria.Data.Tests;

public sealed class DataExceptionTests
{
    [Theory]
    [InlineData(399, 300)] // the first cut falls within a character
    [InlineData(300, 199)] // the second one does
    [InlineData(300, 200)]
    public void A_long_message_is_one_line_and_loses_no_half_of_a_character(int before, int after)
    {
        string message = new string('a', before) + "\U0001F999\n" + new string('b', 500) + "\U0001F999" + new string('c', after);
        string shown = new DataException(message).Message;
        Assert.InRange(shown.Length, 590, 603);
        Assert.Contains(" … ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', shown);
        Assert.DoesNotContain('\uFFFD', new string([.. shown.EnumerateRunes().SelectMany(rune => rune.ToString())]));
    }
}
