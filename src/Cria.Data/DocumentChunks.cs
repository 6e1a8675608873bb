using System.Collections;
using Cria.Data.Sampling;

namespace Cria.Data;

/// <summary>
/// A stream of tokens cut at its documents' borders: every document whole, in chunks of at most MaxLength inputs, none
/// crossing a border. Each token but the very first is the target of exactly one chunk, so the chunks' lengths sum to
/// Tokens - 1: all the text, and the end of every document.
/// </summary>
/// <remarks>Evaluation reads them one by one, packing fills the sequences of training with them.</remarks>
/// <param name="stream">The stream, kept open by the caller.</param>
/// <param name="maxLength">The most inputs a chunk may have, at least 1.</param>
public sealed class DocumentChunks(ITokenStream stream, int maxLength) : IEnumerable<DocumentChunk>
{
    /// <summary>The most inputs a chunk may have.</summary>
    public int MaxLength { get; } = maxLength >= 1
        ? maxLength
        : throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "expected at least 1");

    /// <summary>The chunks in the order of the stream, found while reading; memory does not grow with it.</summary>
    /// <exception cref="DataException">A stream that counts its documents does not begin or end with EndOfText, or
    /// miscounts them.</exception>
    public IEnumerator<DocumentChunk> GetEnumerator()
    {
        var buffer = new int[1 << 14];
        // A stream that was not packed here may begin within its first document.
        long start = 0, document = stream.Documents is null ? 0 : -1;
        bool opens = true;
        for (long offset = 0; offset < stream.Tokens; offset += buffer.Length)
        {
            int count = (int)Math.Min(buffer.Length, stream.Tokens - offset);
            stream.Read(offset, buffer.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                long position = offset + i;
                bool ends = buffer[i] == stream.EndOfText, last = position == stream.Tokens - 1;
                if (stream.Documents is not null && !ends && (position == 0 || last))
                    throw Malformed($"the id {buffer[i]} at {position}", $"{stream.EndOfText}");

                // The token at `position` is the last target of the chunk that begins at `start`.
                if (position > start && (ends || last || position - start == MaxLength))
                {
                    yield return new DocumentChunk(start, (int)(position - start), document, opens);
                    start = position;
                    opens = false;
                }

                if (ends)
                    (document, opens) = (position == 0 ? 0 : document + 1, true);
            }
        }

        if (stream.Documents is { } documents && document != documents)
            throw Malformed($"{document} documents", $"{documents}");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    DataException Malformed(string found, string expected) =>
        new($"{stream.Name} has {found} where its manifest says {expected}; check the data with `cria data verify`, or pack it again.");
}

/// <summary>A run of inputs inside one document; its targets are the tokens one further.</summary>
/// <param name="Start">The offset of the first input in the stream.</param>
/// <param name="Length">Inputs, and as many targets: read Length + 1 tokens from Start.</param>
/// <param name="Document">The document's number, from 0.</param>
/// <param name="OpensDocument">Whether the first input is the document's first: its EndOfText, where it has one.</param>
public readonly record struct DocumentChunk(long Start, int Length, long Document, bool OpensDocument);
