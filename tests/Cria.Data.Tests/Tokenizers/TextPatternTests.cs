using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class TextPatternTests
{
    [Fact]
    public void Letters_beyond_the_basic_plane_are_one_character_of_their_category()
    {
        Assert.Equal(["𐐷a", "𝟘", "😀"], Found(TextPattern.OfRegex(@"\p{L}+|\p{N}|[^\s\p{L}\p{N}]"), "𐐷a 𝟘😀"));
        Assert.Equal(["😀", "é"], Found(TextPattern.OfRegex("^.|.$"), "😀xé"));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_symbols_and_stay_where_they_are()
    {
        string text = EscapedText.FromUtf8([(byte)'a', 0xFF, (byte)'b', 0xF0, 0x9F, 0x98, 0x80]);
        Assert.Equal(["a", "\uDCFF", "b", "😀"], Found(TextPattern.OfRegex(@"\p{L}+|[^\s\p{L}]"), text));
    }

    [Fact]
    public void An_expression_that_explodes_elsewhere_is_linear_here()
    {
        string text = new('a', 50_000);
        Assert.Empty(TextPattern.OfRegex("(a+)+b").Matches(text));
        Assert.Empty(TextPattern.OfRegex("(a|a)*b").Matches(text));
    }

    [Fact]
    public void Patience_is_for_all_matches_together()
    {
        TextPattern pattern = TextPattern.OfRegex("a");
        Assert.Equal(3, pattern.Matches("aaa", TimeSpan.FromHours(1)).Count);
        Assert.Contains("'a' takes more than", Assert.Throws<DataException>(() => pattern.Matches("aaa", TimeSpan.FromTicks(-1))).Message);
    }

    [Theory]
    [InlineData("(", "is not understood"), InlineData("[😀]", "beyond U+FFFF")]
    public void An_expression_that_is_not_understood_is_refused(string expression, string words) =>
        Assert.Contains(words, Assert.Throws<DataException>(() => TextPattern.OfRegex(expression)).Message);

    [Fact]
    public void An_empty_literal_is_refused() =>
        Assert.Contains("empty", Assert.Throws<DataException>(() => TextPattern.OfLiteral("")).Message);

    [Theory]
    [InlineData(SplitBehavior.Removed, "a|b|c")]
    [InlineData(SplitBehavior.Isolated, "a|-|-|b|-|c|-")]
    [InlineData(SplitBehavior.MergedWithPrevious, "a-|-|b-|c-")]
    [InlineData(SplitBehavior.MergedWithNext, "a|-|-b|-c|-")]
    [InlineData(SplitBehavior.Contiguous, "a|--|b|-|c|-")]
    public void A_delimiter_goes_where_the_file_says(SplitBehavior behavior, string expected)
    {
        List<TextPiece> words = [];
        new PatternPreTokenizer(TextPattern.OfLiteral("-"), behavior).Split(new TextPiece("a--b-c-", true), words);
        Assert.Equal(expected.Split('|'), words.Select(word => word.Text));
        Assert.Equal([true, .. Enumerable.Repeat(false, words.Count - 1)], words.Select(word => word.IsFirst));
    }

    [Fact]
    public void Escaped_text_gives_every_byte_back()
    {
        RandomText random = new(11);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = random.Bytes(length * 7);
            Assert.Equal(bytes, EscapedText.ToUtf8(EscapedText.FromUtf8(bytes)));
            Assert.Equal(EscapedText.FromUtf8(bytes).Length, EscapedText.Length(bytes));
        }
    }

    static IEnumerable<string> Found(TextPattern pattern, string text) =>
        pattern.Matches(text).Select(match => text.Substring(match.Start, match.Length));
}
