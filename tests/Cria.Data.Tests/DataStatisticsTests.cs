using Cria.Data.Readers;
using Cria.Data.Shards;

namespace Cria.Data.Tests;

public sealed class DataStatisticsTests
{
    static readonly Document[] Documents =
        [new("one", "f", 1), new("caf\u00e9", "f", 2), new("one", "f", 3), new("one", "f", 4)];

    [Fact]
    public void Documents_bytes_tokens_and_duplicates_are_counted()
    {
        var found = DataStatistics.Measure(Documents, new ByteTokenizer(), threads: 2);
        Assert.Equal(new DataStatistics { Documents = 4, Bytes = 14, Tokens = 14, Duplicates = 2 }, found);
        Assert.Equal(1.0, found.TokensPerByte);
        Assert.Equal(3.5, found.BytesPerDocument);
        Assert.Null(DataStatistics.Measure(Documents).TokensPerByte);
    }

    [Fact]
    public void A_shard_set_tells_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        ShardManifest manifest = new ShardPacker(new ByteTokenizer(), new string('c', 64))
            .Pack(Documents, folder["set"]);
        Assert.Equal(DataStatistics.Measure(Documents, new ByteTokenizer()) with { Duplicates = null },
            DataStatistics.Of(manifest));
    }
}
