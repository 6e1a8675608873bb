using Cria.Data;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;

namespace Cria.Cli.Runs;

/// <summary>A stream of tokens document by document: end-of-text, tokens, end-of-text.</summary>
static class TokenDocuments
{
    /// <summary>Other people's files may have no end-of-text for billions of tokens; they are cut there.</summary>
    const int Longest = 1 << 26;

    public static List<int[]> Of(ITokenStream stream) => [.. Stream(stream)];

    public static IEnumerable<int[]> Stream(ITokenStream stream)
    {
        foreach (var chunk in new DocumentChunks(stream, Longest))
        {
            int[] document = new int[chunk.Length + 1];
            stream.Read(chunk.Start, document);
            yield return document;
        }
    }

    /// <summary>Bytes of the text: as its shards say, else counted by decoding all of it.</summary>
    public static long TextBytes(ITokenStream stream, ITokenizer tokenizer) => stream is ShardSet set
        ? set.Manifest.TextBytes
        : Stream(stream).Sum(document => (long)tokenizer.DecodeBytes(document.AsSpan(1, document.Length - 2)).Length);
}
