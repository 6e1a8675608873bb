using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

/// <summary>Small shard sets with known content.</summary>
static class SampleShards
{
    public const int EndOfText = 0;

    public static ShardOptions Options(int vocabSize = 1000, long tokensPerShard = 1 << 26) => new()
    {
        TokenizerSha256 = new string('7', 64),
        VocabSize = vocabSize,
        EndOfText = EndOfText,
        TokensPerShard = tokensPerShard,
    };

    /// <summary>Documents whose ids count upwards through the whole set, so that each place can be
    /// recognised.</summary>
    public static int[][] Counting(params int[] lengths)
    {
        int next = 1;
        return [.. lengths.Select(n => Enumerable.Range(0, n).Select(_ => next++).ToArray())];
    }

    public static int[] Stream(int[][] documents) =>
        [.. documents.SelectMany(d => d.Prepend(EndOfText)), EndOfText];

    public static string Write(string folder, int[][] documents, ShardOptions? options = null)
    {
        using var writer = new ShardWriter(folder, options ?? Options(), UnflushedDisk.Instance);
        foreach (int[] document in documents)
            writer.Add(document, document.Length * 2);
        writer.Complete();
        return folder;
    }
}
