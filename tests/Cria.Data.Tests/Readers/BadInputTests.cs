using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers;

public sealed class BadInputTests
{
    [Fact]
    public void An_empty_file_is_refused_when_named_and_a_warning_in_a_folder()
    {
        using var folder = new TemporaryFolder();
        string empty = folder.Write("a.txt", []);
        folder.Write("b.txt", "text"u8);
        Assert.Equal($"{empty} is empty; name a file with text.", Fault(empty));
        DocumentReader reader = DocumentReader.Open([folder.Path]);
        Assert.Single(reader);
        Assert.Contains("is empty", Assert.Single(reader.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" \n\n \n"), InlineData("\uFEFF"), InlineData("<|endoftext|>\n<|endoftext|>\n")]
    public void A_file_with_nothing_to_read_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.txt", Encoding.UTF8.GetBytes(content));
        Assert.Contains($"{path} holds no text", Fault(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_bad_lines_only_says_the_first_fault()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.jsonl", "nothing\nof value\n"u8);
        Assert.Contains($"{path}:1 is not valid JSON", Fault(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Binary_files_are_refused_with_what_they_are()
    {
        using var folder = new TemporaryFolder();
        byte[] noise = [.. Enumerable.Range(0, 4000).Select(i => (byte)(1 + KeyedHash.Mix((ulong)i) % 255))];
        (byte[] Content, string Word)[] cases =
        [
            ([.. "text"u8, 0, .. "text"u8], "byte 4 is zero"),
            (noise, "% of its first"),
            (Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("wide text")).ToArray(), "UTF-16"),
            (DocumentReaderTests.Gzip([.. "PAR1"u8, 1, 2]), "Parquet"),
            (DocumentReaderTests.Gzip([1, 0, 2, 0]), "byte 1 is zero"),
        ];
        foreach ((byte[] content, string word) in cases)
        {
            string fault = Fault(folder.Write("a.txt", content));
            Assert.Contains(word, fault, StringComparison.Ordinal);
            Assert.Contains("convert it first", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_in_any_script_is_no_binary_file_wherever_the_first_look_ends()
    {
        using var folder = new TemporaryFolder();
        foreach (int shift in new[] { 0, 1, 2, 3 })
        {
            string text = new string('x', shift) + string.Concat(Enumerable.Repeat("日本語のテキスト \U0001F600", 4000));
            Assert.Equal(text,
                Assert.Single(DocumentReader.Open([folder.Write("a.txt", Encoding.UTF8.GetBytes(text))])).Text);
        }
    }

    [Theory]
    [InlineData(0.5), InlineData(0.99)]
    public void A_packed_file_cut_in_the_middle_ends_in_a_sentence(double part)
    {
        using var folder = new TemporaryFolder();
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {KeyedHash.Mix((ulong)i)}\n"));
        byte[] packed = DocumentReaderTests.Gzip(Encoding.UTF8.GetBytes(text));
        string path = folder.Write("a.txt.gz", packed.AsSpan(0, (int)(packed.Length * part)));
        string fault = Fault(path);
        Assert.Contains(path, fault, StringComparison.Ordinal);
        Assert.Contains("damaged or cut", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_file_with_a_flipped_byte_ends_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {KeyedHash.Mix((ulong)i)}\n"));
        byte[] packed = DocumentReaderTests.Gzip(Encoding.UTF8.GetBytes(text));
        packed[packed.Length / 2] ^= 0x10;
        Assert.Contains("damaged or cut", Fault(folder.Write("a.txt.gz", packed)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_exist_or_holds_nothing_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub/picture.png", "x"u8);
        Assert.Contains("missing.txt does not exist", Fault(folder["missing.txt"]), StringComparison.Ordinal);
        Assert.Contains("matches no file", Fault(folder["*.txt"]), StringComparison.Ordinal);
        Assert.Contains("has no file that is read", Fault(folder.Path), StringComparison.Ordinal);
        Assert.Contains("No input", Assert.Throws<DataException>(() => DocumentReader.Open([])).Message,
            StringComparison.Ordinal);
        if (File.Exists("/dev/null"))
            Assert.EndsWith(".", Fault("/dev/null"), StringComparison.Ordinal);
    }

    static string Fault(string path) =>
        Assert.Throws<DataException>(() => DocumentReader.Open([path]).Count()).Message;
}
