using System.IO.Compression;
using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers;

public sealed class DocumentReaderTests
{
    [Theory]
    [InlineData("one\ntwo\n", "one\ntwo")]
    [InlineData("one\r\ntwo", "one\ntwo")]
    [InlineData("one\n\n\ntwo", "one\n\n\ntwo")]
    [InlineData("a\n<|endoftext|>\nb\n<|endoftext|>\n", "a|b")]
    [InlineData("<|endoftext|>\n<|endoftext|>\r\na\nb\n<|endoftext|> \n\n<|endoftext|>", "a\nb")]
    [InlineData("inside <|endoftext|> a line", "inside <|endoftext|> a line")]
    [InlineData("\uFEFFmarked", "marked")]
    [InlineData("form\f feed", "form\f feed")]
    public void Plain_text_is_cut_at_separator_lines_only(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", Encoding.UTF8.GetBytes(content));
        Assert.Equal(expected, string.Join('|', DocumentReader.Open([path]).Select(d => d.Text)));
    }

    [Fact]
    public void Documents_know_the_line_on_which_they_begin()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("a.txt", "a\nb\n<|endoftext|>\nc\n<|endoftext|>\n\nd"u8);
        string json = folder.Write("b.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"b\"}"u8);
        Assert.Equal([$"{text}:1", $"{text}:4", $"{text}:6", $"{json}:1", $"{json}:3"],
            DocumentReader.Open([text, json]).Select(d => d.Place));
    }

    [Fact]
    public void Lines_are_counted_the_same_whatever_ends_them()
    {
        using var folder = new TemporaryFolder();
        const string Content = "a\nb\nc\n<|endoftext|>\n\nd\ne\n<|endoftext|>\nf\n";
        string unix = folder.Write("unix.txt", Encoding.UTF8.GetBytes(Content));
        string windows = folder.Write("windows.txt", Encoding.UTF8.GetBytes(Content.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal([1, 5, 9], DocumentReader.Open([unix]).Select(d => d.Line));
        Assert.Equal([1, 5, 9], DocumentReader.Open([windows]).Select(d => d.Line));
    }

    [Fact]
    public void Json_lines_give_the_named_field_and_bad_lines_are_counted_with_their_place()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.jsonl", Encoding.UTF8.GetBytes(string.Join('\n',
            """{"title": {"text": "no"}, "text": "first\nline \u00e9 \ud83d\ude00"}""",
            """{"text": "cut""",
            """{"text": 5}""",
            """{"other": "x"}""",
            """["text", "x"]""",
            """{"text": "x"} {"text": "y"}""",
            """{"text": "\ud800"}""",
            "",
            """{"text": " \n "}""",
            """{"text": "last"}""")));
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal(["first\nline \u00e9 \U0001F600", "\uFFFD", "last"], reader.Select(d => d.Text));
        Assert.Equal(5, reader.Statistics.BadLines);
        Assert.Equal(1, reader.Statistics.LoneSurrogates);
        Assert.Equal(1, reader.Statistics.EmptyDocuments);
        Assert.Equal(5, reader.Statistics.BadLineExamples.Count);
        Assert.Equal($"{path}:2 is not valid JSON; the line is left out.", reader.Statistics.BadLineExamples[0]);
        Assert.StartsWith($"{path}:3 has no text in the field", reader.Statistics.BadLineExamples[1],
            StringComparison.Ordinal);
        Assert.Equal(["x"], DocumentReader.Open([path], new ReaderOptions { TextField = "other" }).Select(d => d.Text));
    }

    [Theory]
    [InlineData("a.txt.gz"), InlineData("a.jsonl.gz"), InlineData("a.txt"), InlineData("a.jsonl")]
    public void Packed_files_are_known_by_their_content(string name)
    {
        using var folder = new TemporaryFolder();
        bool isJson = name.Contains("jsonl", StringComparison.Ordinal);
        string path = folder.Write(name, Gzip(isJson ? "{\"text\":\"hello\"}\n"u8 : "hello\n"u8));
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal("hello", Assert.Single(reader).Text);
        Assert.Equal(new FileInfo(path).Length, reader.BytesRead);
        Assert.Equal(reader.TotalBytes, reader.BytesRead);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_replaced_and_counted()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("a.txt",
            [.. "caf"u8, 0xE9, .. " and a long enough line of ordinary text"u8, 0xE2, 0x82, (byte)'\n',
            .. "<|endoftext|>\nwhole text"u8]);
        string json =
            folder.Write("b.jsonl", [.. "{\"text\": \"na"u8, 0xEF, .. "ve text that goes on for a while\"}"u8]);
        DocumentReader reader = DocumentReader.Open([text, json]);
        Document[] documents = [.. reader];
        Assert.StartsWith("caf\uFFFD and", documents[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("na\uFFFDve", documents[2].Text, StringComparison.Ordinal);
        Assert.Equal(2, reader.Statistics.InvalidDocuments);
        Assert.Equal(4, reader.Statistics.InvalidBytes);
        Assert.Equal(3, reader.Statistics.Documents);
    }

    [Fact]
    public void Lines_longer_than_every_buffer_arrive_whole()
    {
        using var folder = new TemporaryFolder();
        string[] lines =
            [.. new[] { 65_535, 65_536, 65_537, 300_000, 1, 131_072 }.Select((n, i) => new string((char)('a' + i), n))];
        string path = folder.Write("a.txt", Encoding.UTF8.GetBytes(string.Join("\n<|endoftext|>\n", lines)));
        Assert.Equal(lines, DocumentReader.Open([path]).Select(d => d.Text));
    }

    [Theory]
    [InlineData("a.txt", "line\n"), InlineData("a.txt", "one endless line "), InlineData("a.jsonl", "no end ")]
    public void A_document_beyond_the_limit_is_refused(string name, string repeated)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, 1 << 19))));
        var options = new ReaderOptions { MaxDocumentBytes = 1 << 20 };
        var e = Assert.Throws<DataException>(() => DocumentReader.Open([path], options).Count());
        Assert.Contains("more than 1 MB", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{path}:1 ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_can_be_read_twice()
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([folder.Write("a.txt", "x\n<|endoftext|>\ny"u8)]);
        Assert.Equal(2, reader.Count());
        Assert.Equal(2, reader.Count());
        Assert.Equal(2, reader.Statistics.Documents);
    }

    [Fact]
    public void The_classics_are_read_alike_from_text_and_from_json()
    {
        string text = Path.Combine(TestData.Root, "classics", "children_valid.txt");
        string json = Path.Combine(TestData.Root, "classics", "children_valid.jsonl.gz");
        TestData.Need(text);
        TestData.Need(json);
        Document[] fromText = [.. DocumentReader.Open([text])];
        DocumentReader jsonReader = DocumentReader.Open([json]);
        Document[] fromJson = [.. jsonReader];
        Assert.Equal(fromJson.Length, fromText.Length);
        Assert.True(fromText.Length > 10);
        for (int i = 0; i < fromText.Length; i++) // the plain form has the chapter's title before the text
            Assert.EndsWith(fromJson[i].Text.Trim(), fromText[i].Text.Trim(), StringComparison.Ordinal);
        Assert.Equal(0, jsonReader.Statistics.BadLines + jsonReader.Statistics.InvalidDocuments);
    }

    internal static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
