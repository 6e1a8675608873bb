using System.Text;
using System.Text.RegularExpressions;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class WordSplitterTests
{
    public static TheoryData<string> Names => ["gpt2", "llama3"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_equal_those_of_the_regular_expression_on_random_texts(string name)
    {
        RandomText random = new(1);
        for (int i = 0; i < 5000; i++)
            SameAsRegex(Splitter(name), random.Text(random.Below(20)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_equal_those_of_the_regular_expression_on_random_characters(string name)
    {
        RandomText random = new(2);
        for (int i = 0; i < 2000; i++)
        {
            StringBuilder text = new();
            for (int c = random.Below(20); c > 0; c--)
                text.Append((char)(random.Below(2) == 0 ? random.Below(256) : random.Below(0xD800)));
            SameAsRegex(Splitter(name), text.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_equal_those_of_the_regular_expression_on_forty_languages(string name)
    {
        string text = File.ReadAllText(TokenizerData.Require("multilingual", "udhr_40.txt"));
        foreach (string line in text.Split('\n'))
            SameAsRegex(Splitter(name), line);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_equal_those_of_the_regular_expression_on_the_golden_texts(string name)
    {
        foreach ((string text, _) in TokenizerData.Golden("gpt2"))
            SameAsRegex(Splitter(name), text);
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters()
    {
        // .NET's expressions see two surrogates here; the tokenizer files mean the character.
        Assert.Equal(["𐐷a", " 𝟘", " 😀"], Words(Gpt2Splitter.Instance, Encoding.UTF8.GetBytes("𐐷a 𝟘 😀")));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_symbols()
    {
        byte[] text = [(byte)'a', 0xFF, 0xC3, (byte)' ', 0x80, (byte)'b'];
        Assert.Equal([1, 2, 2, 1], Lengths(Gpt2Splitter.Instance, text));
    }

    [Fact]
    public void The_long_s_is_an_s_where_case_is_ignored() =>
        Assert.Equal(["'ſ", "x"], Words(Llama3Splitter.Instance, Encoding.UTF8.GetBytes("'ſx")));

    static IWordSplitter Splitter(string name) =>
        name == "gpt2" ? Gpt2Splitter.Instance : Llama3Splitter.Instance;

    static void SameAsRegex(IWordSplitter splitter, string text)
    {
        if (text.Any(char.IsSurrogate))
            return;
        if (splitter is Llama3Splitter && text.Contains("'ſ", StringComparison.Ordinal))
            return; // .NET does not fold the long s; see the test of it
        IEnumerable<string> expected = Regex.Matches(text, splitter.Pattern, RegexOptions.CultureInvariant)
            .Select(match => match.Value);
        Assert.Equal(expected, Words(splitter, Encoding.UTF8.GetBytes(text)));
    }

    static List<string> Words(IWordSplitter splitter, byte[] text)
    {
        List<string> words = [];
        int start = 0;
        foreach (int length in Lengths(splitter, text))
        {
            words.Add(Encoding.UTF8.GetString(text, start, length));
            start += length;
        }
        return words;
    }

    static List<int> Lengths(IWordSplitter splitter, ReadOnlySpan<byte> text)
    {
        List<int> lengths = [];
        for (; text.Length > 0; text = text[lengths[^1]..])
            lengths.Add(splitter.FirstWord(text));
        return lengths;
    }
}
