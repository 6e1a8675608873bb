using System.Text;
using System.Text.Json;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers.Formats;

public sealed class JsonLinesTests
{
    [Theory]
    [InlineData("""{"text":"plain"}""", "plain")]
    [InlineData("""{"text":"\"\\\/\b\f\n\r\t"}""", "\"\\/\b\f\n\r\t")]
    [InlineData("""{"text":"\u0041\u00e9\u20AC\ud83d\ude00 end"}""", "A\u00e9\u20AC\U0001F600 end")]
    [InlineData("""{"text":"é € 😀"}""", "é € 😀")]
    [InlineData("""{"te\u0078t":"escaped name"}""", "escaped name")]
    [InlineData("""{"\ud800":1,"text":"behind half a name"}""", "behind half a name")]
    [InlineData("""{"text":"first","text":"last"}""", "last")]
    [InlineData("""{"text":"kept","text":5}""", "kept")]
    [InlineData("""  { "a" : [ {"text":"no"} ] , "text" : "spaced" }  """, "spaced")]
    [InlineData("""{"text":"\\u0041"}""", "\\u0041")]
    [InlineData("""{"text":"a\u0000b"}""", "a\0b")]
    public void Strings_are_unescaped(string line, string expected) => Assert.Equal(expected, Assert.Single(Read(line)).Text);

    [Fact]
    public void Every_string_comes_out_as_the_runtime_reads_it()
    {
        string[] texts =
        [
            .. Enumerable.Range(0, 400).Select(seed => string.Concat(Enumerable.Range(0, 60)
                .Select(i => (KeyedHash.Mix((ulong)(seed * 100 + i)) % 9) switch
                {
                    0 => "\\",
                    1 => "\"",
                    2 => "\n\t\b",
                    3 => "\U0001F600",
                    4 => "\u00e9",
                    5 => "\u2028",
                    6 => "u00",
                    _ => "word ",
                })) + "."),
        ];
        string[] lines = [.. texts.Select(t => JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = t }))];
        Assert.Equal(texts, Read(string.Join('\n', lines)).Select(d => d.Text));
    }

    [Theory]
    [InlineData("""{"text":"a\ud800b"}""", "a\uFFFDb", 1)]
    [InlineData("""{"text":"\ude00\ud83d"}""", "\uFFFD\uFFFD", 2)]
    [InlineData("""{"text":"\ud83d\ud83d\ude00"}""", "\uFFFD\U0001F600", 1)]
    [InlineData("""{"text":"\ud83d\u0041"}""", "\uFFFDA", 1)]
    [InlineData("""{"text":"\ud83d\n"}""", "\uFFFD\n", 1)]
    public void Half_a_surrogate_pair_is_replaced_and_counted(string line, string expected, int count)
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([folder.Write("a.jsonl", Encoding.UTF8.GetBytes(line))]);
        Assert.Equal(expected, Assert.Single(reader).Text);
        Assert.Equal(count, reader.Statistics.LoneSurrogates);
        Assert.Equal(0, reader.Statistics.BadLines);
    }

    [Theory]
    [InlineData("meta.text", """{"text":"no","meta":{"text":"inside"}}""", "inside")]
    [InlineData("meta.text", """{"meta.text":"by its name"}""", "by its name")]
    [InlineData("a.b.c", """{"a":{"b":{"d":1,"c":"deep"},"e":[]}}""", "deep")]
    [InlineData("a.b.c", """{"a":{"b.c":"either way"}}""", "either way")]
    [InlineData("\u00fcber", """{"\u00fcber":"named"}""", "named")]
    public void A_field_is_found_by_its_name_or_its_path(string field, string line, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(line, new ReaderOptions { TextField = field })).Text);

    [Fact]
    public void The_group_is_another_field_and_may_be_missing()
    {
        const string Lines = """
            {"by":{"name":"Mar\u00eda"},"text":"one"}
            {"text":"two\n","by":{"name":"Mar\u00eda"}}
            {"text":"three"}
            {"text":"four","by":{"name":7}}
            """;
        Document[] documents = Read(Lines, new ReaderOptions { GroupField = "by.name" });
        Assert.Equal(["Mar\u00eda", "Mar\u00eda", null, null], documents.Select(d => d.Group));
        Assert.Equal("one", documents[0].Text);
        Assert.All(Read(Lines), document => Assert.Null(document.Group));
    }

    [Fact]
    public void Hostile_lines_are_counted_and_the_rest_is_read()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 100_000));
        string[] bad =
        [
            deep, new string('[', 100_000), "{\"text\":\"\\x\"}", "{\"text\":\"\\u12G4\"}", "{\"text\":\"\\ud83", "{\"text\":\"a\tb\"}",
            "{\"text\":\"x\"}}", "{\"text\":\"x\",}", "\"text\"", "nul", "{text:1}", "{\"text\":\"x\"} // no", "{\"text\":null}", "{}",
            "{\"meta\":{\"text\":\"inside\"}}", "\u0001", "{\"text\":\"x\" \"y\"}",
        ];
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', [.. bad, "{\"text\":\"good\"}"])));
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal($"{path}:{bad.Length + 1} good", Assert.Single(reader.Select(d => $"{d.Place} {d.Text}")));
        Assert.Equal(bad.Length, reader.Statistics.BadLines);
    }

    static Document[] Read(string content, ReaderOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        return [.. DocumentReader.Open([folder.Write("a.jsonl", Encoding.UTF8.GetBytes(content))], options)];
    }
}
