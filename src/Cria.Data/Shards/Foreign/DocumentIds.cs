using Cria.Data.Sampling;

namespace Cria.Data.Shards.Foreign;

/// <summary>The documents of a stream, one by one, without the EndOfText between them.</summary>
static class DocumentIds
{
    const int MostTokens = 1 << 28;

    /// <exception cref="DataException">A document is so long that no EndOfText can have been meant.</exception>
    public static IEnumerable<int[]> Of(ITokenStream stream, CancellationToken cancellation)
    {
        foreach (DocumentChunk document in new DocumentChunks(stream, MostTokens))
        {
            cancellation.ThrowIfCancellationRequested();
            if (document.Length == MostTokens)
            {
                throw new DataException($"{stream.Name} has a document of {MostTokens} tokens or more, in which no " +
                    $"<|endoftext|> ({stream.EndOfText}) stands; name the tokenizer that made it.");
            }

            var ids = new int[document.Length - 1]; // without the EndOfText that opens it
            stream.Read(document.Start + 1, ids);
            yield return ids;
        }
    }
}
