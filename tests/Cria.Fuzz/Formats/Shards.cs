using Cria.Data.Shards;

namespace Cria.Fuzz.Formats;

/// <summary>The manifest of a shard set; the files beside it stay good.</summary>
sealed class Shards : IFormat
{
    const int Documents = 20, DocumentTokens = 30;

    public string Name => "shards";

    public string Make(string folder)
    {
        string set = Path.Combine(folder, "set");
        var options = new ShardOptions
        {
            TokenizerSha256 = new string('7', 64),
            VocabSize = 1000,
            EndOfText = 0,
            TokensPerShard = 100,
        };
        using (var writer = new ShardWriter(set, options))
        {
            for (int document = 0; document < Documents; document++)
                writer.Add([.. Enumerable.Range(1 + document, DocumentTokens)], 2 * DocumentTokens);
            writer.Complete();
        }
        return Path.Combine(set, ShardManifest.FileName);
    }

    public byte[] Lie(Random random, byte[] good) => JsonLies.Lie(random, good);

    public void Read(string path, MeteredDevice device)
    {
        using ShardSet set = ShardSet.Open(Path.GetDirectoryName(path)!);
        set.Verify();
        set.Read(0, new int[set.Tokens]);
        set.ReadDocumentStarts(0, new long[set.Documents + 1]);
    }
}
