using System.Buffers;
using System.Text;

namespace Cria.Data.Tokenizers.Composition;

/// <summary>
/// Bytes as a string and back, without loss: a byte that is not UTF-8 becomes the lone surrogate U+DC80 … U+DCFF of the
/// same low half, which no UTF-8 decodes to and which normal forms and patterns leave alone (as PEP 383 does).
/// </summary>
static class EscapedText
{
    const int FirstEscape = 0xDC00;

    public static string FromUtf8(ReadOnlySpan<byte> utf8)
    {
        StringBuilder text = new(utf8.Length);
        Span<char> characters = stackalloc char[1024];
        while (utf8.Length > 0)
        {
            OperationStatus status = System.Text.Unicode.Utf8.ToUtf16(
                utf8, characters, out int read, out int written, replaceInvalidSequences: false);
            text.Append(characters[..written]);
            utf8 = utf8[read..];
            if (status is OperationStatus.DestinationTooSmall or OperationStatus.Done)
                continue;
            text.Append((char)(FirstEscape + utf8[0]));
            utf8 = utf8[1..];
        }
        return text.ToString();
    }

    /// <summary>Replaces <paramref name="utf8"/> by the bytes of the text.</summary>
    public static void ToUtf8(ReadOnlySpan<char> text, List<byte> utf8)
    {
        utf8.Clear();
        Span<byte> bytes = stackalloc byte[1024];
        while (text.Length > 0)
        {
            OperationStatus status = System.Text.Unicode.Utf8.FromUtf16(
                text, bytes, out int read, out int written, replaceInvalidSequences: false);
            utf8.AddRange(bytes[..written]);
            text = text[read..];
            if (status is OperationStatus.DestinationTooSmall or OperationStatus.Done)
                continue;
            if (text[0] is >= (char)(FirstEscape + 0x80) and <= (char)(FirstEscape + 0xFF))
                utf8.Add((byte)(text[0] - FirstEscape));
            else
                utf8.AddRange("\uFFFD"u8); // a lone surrogate from outside
            text = text[1..];
        }
    }

    public static byte[] ToUtf8(string text)
    {
        List<byte> utf8 = [];
        ToUtf8(text, utf8);
        return [.. utf8];
    }

    /// <summary>The length of the text of these bytes.</summary>
    public static int Length(ReadOnlySpan<byte> utf8)
    {
        int length = 0;
        while (utf8.Length > 0)
        {
            int point = Utf8Characters.First(utf8, out int bytes);
            length += point > 0xFFFF ? 2 : 1;
            utf8 = utf8[bytes..];
        }
        return length;
    }

    /// <summary>The text of one byte.</summary>
    public static char OfByte(byte b) => b < 0x80 ? (char)b : (char)(FirstEscape + b);
}
