using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Cleaning;

public sealed class CorpusWriterTests
{
    [Theory]
    [InlineData("a.txt"), InlineData("a.txt.gz"), InlineData("a.jsonl"), InlineData("a.jsonl.gz")]
    public void What_is_written_is_read_back(string name)
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["one\n\ntwo", "caf\u00e9 \"quoted\" \\ \U0001F600", new string('x', 200_000), "end"];
        using (var writer = new CorpusWriter(folder[name]))
        {
            foreach (string text in texts)
                writer.Add(text);
            Assert.False(File.Exists(folder[name]), "the name exists before the file is whole");
            writer.Complete();
        }

        Assert.Equal(texts, DocumentReader.Open([folder[name]]).Select(d => d.Text));
        Assert.Equal([folder[name]], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("a.txt.zst"), InlineData("a.jsonl.br"), InlineData("a.csv"), InlineData("a.tsv.gz"), InlineData("a.parquet")]
    public void Names_that_promise_another_format_are_refused(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("end it in .txt or .jsonl", Assert.Throws<DataException>(() => new CorpusWriter(folder[name])).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_text_with_the_separator_fits_only_into_json_lines()
    {
        using var folder = new TemporaryFolder();
        const string Text = "a\n<|endoftext|>\nb";
        using (var plain = new CorpusWriter(folder["a.txt"]))
            Assert.Contains("write to a .jsonl file", Assert.Throws<DataException>(() => plain.Add(Text)).Message,
                StringComparison.Ordinal);
        using (var json = new CorpusWriter(folder["a.jsonl"]))
        {
            json.Add(Text);
            json.Complete();
        }

        Assert.Equal(Text, Assert.Single(DocumentReader.Open([folder["a.jsonl"]])).Text);
    }

    [Fact]
    public void Groups_are_written_and_read_back_and_do_not_fit_into_plain_text()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new CorpusWriter(folder["a.jsonl"]))
        {
            writer.Add("one", "Bront\u00eb");
            writer.Add("two");
            writer.Complete();
        }

        var options = new ReaderOptions { GroupField = "group" };
        Assert.Equal(["Bront\u00eb", null], DocumentReader.Open([folder["a.jsonl"]], options).Select(document => document.Group));
        using var plain = new CorpusWriter(folder["a.txt"]);
        Assert.Contains("cannot hold the groups", Assert.Throws<DataException>(() => plain.Add("one", "Bront\u00eb")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_over_and_nothing_half_written_is_left()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "mine"u8);
        Assert.Throws<DataException>(() => new CorpusWriter(folder["a.txt"]));
        using (var writer = new CorpusWriter(folder["b.txt"]))
            writer.Add("text");
        using (var writer = new CorpusWriter(folder["c.txt"]))
            Assert.Contains("no document", Assert.Throws<DataException>(writer.Complete).Message,
                StringComparison.Ordinal);
        Assert.Equal([folder["a.txt"]], Directory.GetFiles(folder.Path));
        Assert.Equal("mine", File.ReadAllText(folder["a.txt"]));
    }

    [Theory]
    [InlineData("a.txt"), InlineData("a.jsonl.gz")]
    public void A_full_disk_is_said_with_the_file_and_the_remedy(string name)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder[name + ".tmp"], "/dev/full");
        using (var writer = new CorpusWriter(folder[name]))
        {
            var e = Assert.Throws<DataException>(() =>
            {
                for (int i = 0; i < 100; i++)
                    writer.Add($"{i}{KeyedHash.Mix((ulong)i)}");
                writer.Complete();
            });
            Assert.Equal(
                $"{folder[name]} could not be written: the disk is full; free space there or write to another disk.",
                e.Message);
        }

        Assert.False(File.Exists(folder[name]));
    }
}
