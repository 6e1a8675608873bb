using System.Buffers;
using System.Text;
using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
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

    /// <summary>Different groups (<see cref="Document.Group"/>); null where none was asked for.</summary>
    public long? Groups { get; init; }

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

    /// <summary>Counts the documents of files on all cores; memory: a few blocks, and at most 25 bytes a distinct text.</summary>
    /// <param name="reader">The corpus, read once.</param>
    /// <param name="tokenizer">Counts the tokens; null: they are not counted.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    /// <param name="cancellation">Asked between two blocks.</param>
    /// <exception cref="DataException">A file is empty, binary or damaged, or a document is too long.</exception>
    public static DataStatistics Measure(
        DocumentReader reader, ITokenizer? tokenizer = null, int threads = 0, CancellationToken cancellation = default)
    {
        long count = 0, bytes = 0, tokens = 0;
        ExactDuplicates seen = new(), groups = new();
        foreach (Size[] block in reader.Process(
            documents => documents.Select(document => SizeOf(document, tokenizer)).ToArray(), threads))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (Size size in block)
            {
                count++;
                bytes += size.Bytes;
                tokens += size.Tokens;
                seen.Add(size.Hash);
                if (size.Group is { } group)
                    groups.Add(group);
            }
        }

        return new DataStatistics
        {
            Documents = count,
            Bytes = bytes,
            Tokens = tokenizer is null ? null : tokens,
            Duplicates = count - seen.Count,
            Groups = groups.Count > 0 ? groups.Count : null,
        };
    }

    /// <summary>Reads a stream that does not say what it holds, and counts the bytes of its texts.</summary>
    /// <param name="stream">Begins and ends with EndOfText.</param>
    /// <param name="tokenizer">What made it.</param>
    /// <param name="cancellation">Asked between two documents.</param>
    /// <exception cref="DataException">A document is too long, or an id outside the vocabulary.</exception>
    public static DataStatistics Measure(ITokenStream stream, ITokenizer tokenizer, CancellationToken cancellation = default)
    {
        long count = 0, bytes = 0, tokens = 0;
        foreach (int[] ids in DocumentIds.Of(stream, cancellation))
        {
            count++;
            bytes += tokenizer.DecodeBytes(ids).Length;
            tokens += ids.Length;
        }

        return new DataStatistics { Documents = count, Bytes = bytes, Tokens = tokens };
    }

    static Size SizeOf(Document document, ITokenizer? tokenizer)
    {
        ReadOnlySpan<byte> text = document.Utf8.Span;
        UInt128? group = document.Group is { } name ? KeyedHash.OfBytes(Encoding.UTF8.GetBytes(name)) : null;
        UInt128 hash = KeyedHash.OfBytes(text);
        if (tokenizer is null)
            return new Size(text.Length, hash, 0, group);

        int[] ids = ArrayPool<int>.Shared.Rent(tokenizer.MaxTokens(text.Length));
        int tokens = tokenizer.Encode(text, ids, SpecialTokens.AsText);
        ArrayPool<int>.Shared.Return(ids);
        return new Size(text.Length, hash, tokens, group);
    }

    readonly record struct Size(int Bytes, UInt128 Hash, int Tokens, UInt128? Group);
}
