using System.Text;
using Cria.Data.Readers;
using Cria.Data.Shards;

namespace Cria.Data.Tests;

public sealed class DataStatisticsTests
{
    const string Text = "one\n<|endoftext|>\ncaf\u00e9\n<|endoftext|>\none\n<|endoftext|>\none";

    [Fact]
    public void Documents_bytes_tokens_and_duplicates_are_counted()
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([folder.Write("a.txt", Encoding.UTF8.GetBytes(Text))]);
        var found = DataStatistics.Measure(reader, new ByteTokenizer(), threads: 2);
        Assert.Equal(new DataStatistics { Documents = 4, Bytes = 14, Tokens = 14, Duplicates = 2 }, found);
        Assert.Equal(1.0, found.TokensPerByte);
        Assert.Equal(3.5, found.BytesPerDocument);
        Assert.Null(DataStatistics.Measure(reader).TokensPerByte);
    }

    [Fact]
    public void Groups_are_counted_where_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.tsv", "text\tby\na\tx\nb\ty\nc\tx\n"u8);
        Assert.Equal(2, DataStatistics.Measure(DocumentReader.Open([path], new ReaderOptions { GroupField = "by" })).Groups);
        Assert.Null(DataStatistics.Measure(DocumentReader.Open([path])).Groups);
    }

    [Fact]
    public void A_shard_set_tells_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([folder.Write("a.txt", Encoding.UTF8.GetBytes(Text))]);
        ShardManifest manifest = new ShardPacker(new ByteTokenizer(), new string('c', 64))
            .Pack(reader, folder["set"]);
        Assert.Equal(DataStatistics.Measure(reader, new ByteTokenizer()) with { Duplicates = null },
            DataStatistics.Of(manifest));
    }
}
