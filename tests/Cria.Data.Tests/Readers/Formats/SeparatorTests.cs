using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers.Formats;

public sealed class SeparatorTests
{
    [Theory]
    [InlineData("----", "a\n----\nb ----\n---- c\n-----\n----\nd", "a|b ----\n---- c\n-----|d")]
    [InlineData("blank-line", "a\nb\n\nc\r\n \t\r\n\n\nd\n", "a\nb|c|d")]
    [InlineData("blank-line", "\n\na\n<|endoftext|>\nb\n", "a\n<|endoftext|>\nb")]
    [InlineData("line", "a\nb\r\n\n c \n<|endoftext|>", "a|b| c |<|endoftext|>")]
    public void Plain_text_is_cut_where_the_options_say(string separator, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", Encoding.UTF8.GetBytes(content));
        var options = new ReaderOptions { Separator = separator };
        Assert.Equal(expected, string.Join('|', DocumentReader.Open([path], options).Select(d => d.Text)));
    }

    [Theory]
    [InlineData("----", "\n----\n"), InlineData("blank-line", "\n \n"), InlineData("line", "\n")]
    public void Where_blocks_end_does_not_show(string separator, string between)
    {
        string[] texts = [.. Enumerable.Range(0, 900).Select(i => $"text {i} {new string('y', (int)(KeyedHash.Mix((ulong)i) % 9000))}")];
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", Encoding.UTF8.GetBytes(string.Join(between, texts)));
        DocumentReader reader = DocumentReader.Open([path], new ReaderOptions { Separator = separator });
        int lines = between.Count(c => c == '\n');
        Assert.Equal(texts.Select((t, i) => $"{path}:{1 + i * lines} {t}"), reader.Select(d => $"{d.Place} {d.Text}"));
        Assert.True(reader.Blocks().Count() > 3);
    }

    [Theory]
    [InlineData(""), InlineData("a\nb"), InlineData("\r")]
    public void What_is_no_line_cannot_separate(string separator)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", "x"u8);
        var options = new ReaderOptions { Separator = separator };
        Assert.Contains("is no line", Assert.Throws<DataException>(() => DocumentReader.Open([path], options).Count()).Message,
            StringComparison.Ordinal);
    }
}
