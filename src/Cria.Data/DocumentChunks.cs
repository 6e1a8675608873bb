using System.Collections;
using Cria.Data.Shards;

namespace Cria.Data;

/// <summary>
/// A shard set cut for evaluation: every document whole, in chunks of at most MaxLength inputs, none crossing a
/// document border. Each token but the very first is the target of exactly one chunk, so the chunks' lengths sum to
/// Tokens - 1: all the text, and the end of every document.
/// </summary>
/// <param name="set">The set, kept open by the caller.</param>
/// <param name="maxLength">The most inputs a chunk may have, at least 1.</param>
public sealed class DocumentChunks(ShardSet set, int maxLength) : IEnumerable<DocumentChunk>
{
    /// <summary>The most inputs a chunk may have.</summary>
    public int MaxLength { get; } = maxLength >= 1
        ? maxLength
        : throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "expected at least 1");

    /// <summary>The chunks in the order of the set, found while reading; memory does not grow with the set.</summary>
    /// <exception cref="DataException">The set does not begin or end with EndOfText, or miscounts its
    /// documents.</exception>
    public IEnumerator<DocumentChunk> GetEnumerator()
    {
        var buffer = new int[1 << 14];
        long start = 0, document = -1;
        bool opens = true;
        for (long offset = 0; offset < set.Tokens; offset += buffer.Length)
        {
            int count = (int)Math.Min(buffer.Length, set.Tokens - offset);
            set.Read(offset, buffer.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                long position = offset + i;
                bool ends = buffer[i] == set.Manifest.EndOfText;
                if (position == 0 ? !ends : position == set.Tokens - 1 && !ends)
                    throw Malformed($"the id {buffer[i]} at {position}", $"{set.Manifest.EndOfText}");

                // The token at `position` is the last target of the chunk that begins at `start`.
                if (position > start && (ends || position - start == MaxLength))
                {
                    yield return new DocumentChunk(start, (int)(position - start), document, opens);
                    start = position;
                    opens = false;
                }

                if (ends)
                    (document, opens) = (document + 1, true);
            }
        }

        if (document != set.Manifest.Documents)
            throw Malformed($"{document} documents", $"{set.Manifest.Documents}");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    DataException Malformed(string found, string expected) =>
        new($"{set.Folder} has {found} where its manifest says {expected}; verify or pack the data again.");
}

/// <summary>A run of inputs inside one document; its targets are the tokens one further.</summary>
/// <param name="Start">The offset of the first input in the set.</param>
/// <param name="Length">Inputs, and as many targets: read Length + 1 tokens from Start.</param>
/// <param name="Document">The document's number, from 0.</param>
/// <param name="OpensDocument">Whether the first input is the document's EndOfText.</param>
public readonly record struct DocumentChunk(long Start, int Length, long Document, bool OpensDocument);
