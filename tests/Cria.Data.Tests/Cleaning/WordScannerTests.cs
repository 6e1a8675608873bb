using Cria.Data.Cleaning;

namespace Cria.Data.Tests.Cleaning;

public sealed class WordScannerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" .,;!?-—\n\t", "")]
    [InlineData("Hello, World!", "hello world")]
    [InlineData("Don't — DON’T, 'don't'", "dont dont dont")]
    [InlineData("the boys' well-known trick", "the boys well known trick")]
    [InlineData("' '' ’ a", "a")]
    [InlineData("ÉCOLE été 3.14 x²", "école été 3 14 x²")]
    [InlineData("cafe\u0301 co\u00ADop", "cafe\u0301 coop")]
    [InlineData("你好,world世界", "你 好 world 世 界")]
    [InlineData("a\uD800b \uDC00", "a b")]
    [InlineData("𐐀𐐁 😀 x", "𐐨𐐩 x")]
    public void Words_are_runs_of_letters_in_lower_case(string text, string expected)
    {
        Assert.Equal(expected, WordScanner.Normalized(text));
        Assert.Equal(Hashes(expected), Hashes(text));
    }

    [Fact]
    public void A_word_lies_where_it_says()
    {
        string text = "«It's» the 世界, isn’t it’?";
        var words = new WordScanner(text);
        var found = new List<string>();
        while (words.Next())
            found.Add(text[words.First..words.End]);
        Assert.Equal(["It's", "the", "世", "界", "isn’t", "it"], found);
    }

    [Fact]
    public void Different_words_have_different_hashes()
    {
        string all = string.Join(' ', Enumerable.Range(0, 200_000));
        Assert.Equal(200_000, Hashes(all).Distinct().Count());
        Assert.NotEqual(Hashes("ab"), Hashes("ba"));
    }

    static List<ulong> Hashes(string text)
    {
        var words = new WordScanner(text);
        var hashes = new List<ulong>();
        while (words.Next())
            hashes.Add(words.Hash);
        return hashes;
    }
}
