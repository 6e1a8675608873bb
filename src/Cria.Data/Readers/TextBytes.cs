using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Cria.Data.Readers;

/// <summary>Bytes that should be UTF-8: repaired and counted where they are not, refused where they are no text at
/// all.</summary>
static class TextBytes
{
    const double MaxStrangeShare = 0.3;

    /// <summary>The text itself if it is UTF-8; otherwise a copy in which every wrong byte run is U+FFFD, counted.</summary>
    public static ReadOnlyMemory<byte> Repaired(ReadOnlyMemory<byte> text, ReaderStatistics statistics)
    {
        if (Utf8.IsValid(text.Span))
            return text;
        statistics.InvalidDocuments++;
        statistics.InvalidBytes += CountInvalid(text.Span);
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span));
    }

    /// <summary>Whether there is nothing but white space, as Unicode understands it.</summary>
    public static bool IsWhiteSpace(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out Rune rune, out int length) != OperationStatus.Done || !Rune.IsWhiteSpace(rune))
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Why the beginning of a file is no text, or null.</summary>
    public static string? BinarySign(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PAR1"u8))
            return "a Parquet file";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
            return "packed with Zstandard";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return "UTF-16, not UTF-8";
        int nul = start.IndexOf((byte)0);
        if (nul >= 0)
            return $"a binary file (byte {nul} is zero)";

        long strange = CountInvalid(WithoutPartialEnd(start));
        foreach (byte b in start)
            strange += b < 32 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') ? 1 : 0;
        return strange > MaxStrangeShare * start.Length
            ? $"a binary file ({100 * strange / start.Length} % of its first {start.Length} bytes are no text)"
            : null;
    }

    static long CountInvalid(ReadOnlySpan<byte> bytes)
    {
        long invalid = 0;
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out _, out int length);
            if (status != OperationStatus.Done)
                invalid += length;
            bytes = bytes[length..];
        }

        return invalid;
    }

    // A peek may end inside a character.
    static ReadOnlySpan<byte> WithoutPartialEnd(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte b = bytes[^back];
            if (b >= 0xC0)
                return bytes[..^back];
            if (b < 0x80)
                break;
        }

        return bytes;
    }
}
