using Cria.Data;
using Cria.Data.Shards;

namespace Cria.Cli.Runs;

/// <summary>A shard set document by document: end-of-text, tokens, end-of-text.</summary>
static class TokenDocuments
{
    public static List<int[]> Of(ShardSet set) => [.. Stream(set)];

    public static IEnumerable<int[]> Stream(ShardSet set)
    {
        foreach (var chunk in new DocumentChunks(set, int.MaxValue - 1))
        {
            int[] document = new int[chunk.Length + 1];
            set.Read(chunk.Start, document);
            yield return document;
        }
    }
}
