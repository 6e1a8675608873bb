using Cria.Data.Sampling;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards.Foreign;

/// <summary>Makes a shard set of any stream of documents.</summary>
public static class TokenFileImport
{
    /// <summary>Copies a stream document by document.</summary>
    /// <param name="stream">Begins and ends with EndOfText.</param>
    /// <param name="tokenizer">What made the ids; it counts the bytes of the texts.</param>
    /// <param name="tokenizerSha256">SHA-256 of its canonical tokenizer.json.</param>
    /// <param name="folder">Must not exist yet, or be empty.</param>
    /// <param name="tokensPerShard">Ids in a full file.</param>
    /// <param name="cancellation">Asks it to stop; it then leaves nothing.</param>
    /// <exception cref="DataException">The folder has content, the disk is full, or a document is too long.</exception>
    public static ShardManifest ToShards(
        ITokenStream stream,
        ITokenizer tokenizer,
        string tokenizerSha256,
        string folder,
        long tokensPerShard,
        CancellationToken cancellation = default)
    {
        if (stream.EndOfText is not { } endOfText || endOfText != tokenizer.EndOfText || stream.VocabSize != tokenizer.VocabSize)
        {
            throw new DataException($"{stream.Name} has {stream.VocabSize} ids and {stream.EndOfText} between documents, " +
                $"and the tokenizer {tokenizer.VocabSize} and {tokenizer.EndOfText}; name the tokenizer that made it.");
        }

        using var writer = new ShardWriter(folder, new ShardOptions
        {
            TokenizerSha256 = tokenizerSha256,
            VocabSize = tokenizer.VocabSize,
            EndOfText = endOfText,
            TokensPerShard = tokensPerShard,
        });
        foreach (int[] ids in DocumentIds.Of(stream, cancellation))
            writer.Add(ids, tokenizer.DecodeBytes(ids).Length);

        return writer.Complete();
    }
}
