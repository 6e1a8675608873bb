using System.Buffers;
using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning;

/// <summary>A document that may be trained on.</summary>
/// <param name="Text">The cleaned text.</param>
/// <param name="Source">The document as it was read.</param>
/// <param name="Utf8Bytes">The length of the text in UTF-8.</param>
/// <param name="Hash">128 bits of the SHA-256 of the text in UTF-8; equal texts have equal hashes.</param>
/// <param name="IsValidation">Its side of the split.</param>
public sealed record CleanDocument(string Text, Document Source, int Utf8Bytes, UInt128 Hash, bool IsValidation)
{
    byte[]? _utf8;

    /// <summary>The text in UTF-8; the source's own bytes where cleaning changed nothing.</summary>
    public ReadOnlyMemory<byte> Utf8 =>
        ReferenceEquals(Text, Source.Text) ? Source.Utf8 : _utf8 ??= Encoding.UTF8.GetBytes(Text);

    /// <summary>The length and the hash of a text.</summary>
    internal static (int Bytes, UInt128 Hash) Measure(string text)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, buffer);
        UInt128 hash = KeyedHash.OfBytes(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return (length, hash);
    }
}
