using System.Buffers;
using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;

namespace Cria.Data;

/// <summary>The size of a corpus.</summary>
public sealed record DataStatistics
{
    /// <summary>How many documents.</summary>
    public required long Documents { get; init; }

    /// <summary>UTF-8 bytes of their texts.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tokens of the texts, without <c>&lt;|endoftext|&gt;</c>; null if no tokenizer was at hand.</summary>
    public long? Tokens { get; init; }

    /// <summary>Documents whose text an earlier one has exactly; null where texts are not at hand.</summary>
    public long? Duplicates { get; init; }

    /// <summary>Tokens a byte; null without tokens or bytes.</summary>
    public double? TokensPerByte => Bytes > 0 ? (double?)Tokens / Bytes : null;

    /// <summary>Bytes in the mean document.</summary>
    public double BytesPerDocument => Documents > 0 ? (double)Bytes / Documents : 0;

    /// <summary>What a shard set's manifest says, without reading the set.</summary>
    public static DataStatistics Of(ShardManifest manifest) => new()
    {
        Documents = manifest.Documents,
        Bytes = manifest.TextBytes,
        Tokens = manifest.Tokens - manifest.Documents - 1,
    };

    /// <summary>Counts documents on all cores.</summary>
    /// <param name="documents">The corpus, read once.</param>
    /// <param name="tokenizer">Counts the tokens; null: they are not counted.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    public static DataStatistics Measure(IEnumerable<Document> documents, ITokenizer? tokenizer = null, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        int workers = threads > 0 ? threads : Environment.ProcessorCount;
        var pipeline = new OrderedPipeline<List<Document>, List<Size>>(
            batch => batch.ConvertAll(document => SizeOf(document.Text, tokenizer)), workers);

        long count = 0, bytes = 0, tokens = 0;
        var seen = new HashSet<UInt128>();
        foreach (List<Size> batch in pipeline.Run(DocumentBatches.Of(documents, document => document.Text.Length)))
        {
            foreach (Size size in batch)
            {
                count++;
                bytes += size.Bytes;
                tokens += size.Tokens;
                seen.Add(size.Hash);
            }
        }

        return new DataStatistics
        {
            Documents = count,
            Bytes = bytes,
            Tokens = tokenizer is null ? null : tokens,
            Duplicates = count - seen.Count,
        };
    }

    static Size SizeOf(string text, ITokenizer? tokenizer)
    {
        (int bytes, UInt128 hash) = CleanDocument.Measure(text);
        if (tokenizer is null)
            return new Size(bytes, hash, 0);

        byte[] utf8 = ArrayPool<byte>.Shared.Rent(bytes);
        Encoding.UTF8.GetBytes(text, utf8);
        int[] ids = ArrayPool<int>.Shared.Rent(tokenizer.MaxTokens(bytes));
        int tokens = tokenizer.Encode(utf8.AsSpan(0, bytes), ids, SpecialTokens.AsText);
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<byte>.Shared.Return(utf8);
        return new Size(bytes, hash, tokens);
    }

    readonly record struct Size(int Bytes, UInt128 Hash, int Tokens);
}
