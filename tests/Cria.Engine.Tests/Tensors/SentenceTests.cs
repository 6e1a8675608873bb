using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Tensors;

public sealed class SentenceTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("two\nlines\tand a tab", "two lines and a tab")]
    [InlineData("", "")]
    public void A_message_is_one_line(string message, string shown) => Assert.Equal(shown, Sentence.Of(message));

    [Theory]
    [InlineData(399, 300)] // the first cut falls within a character
    [InlineData(400, 300)]
    [InlineData(300, 199)] // the second one does
    [InlineData(300, 200)]
    public void A_long_one_loses_its_middle_and_no_half_of_a_character(int before, int after)
    {
        string message = new string('a', before) + "\U0001F999" + new string('b', 500) + "\U0001F999" + new string('c', after);
        string shown = Sentence.Of(message);
        Assert.InRange(shown.Length, 590, 603);
        Assert.StartsWith(message[..Math.Min(before, 390)], shown, StringComparison.Ordinal);
        Assert.EndsWith(message[^Math.Min(after, 190)..], shown, StringComparison.Ordinal);
        Assert.Contains(" … ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', new string([.. shown.EnumerateRunes().SelectMany(rune => rune.ToString())]));
    }
}
