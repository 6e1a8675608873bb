using System.Buffers;
using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>Walks bytes by characters; a byte that is not UTF-8 is a character of its own.</summary>
static class Utf8Characters
{
    /// <summary>Stands for a byte that is not UTF-8; no code point is negative.</summary>
    public const int None = -1;

    /// <summary>The code point at the start of the text, or <see cref="None"/>, and its length in bytes.</summary>
    public static int First(ReadOnlySpan<byte> text, out int length)
    {
        if (text[0] < 0x80)
        {
            length = 1;
            return text[0];
        }
        if (Rune.DecodeFromUtf8(text, out Rune rune, out length) == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return None;
    }

    /// <summary>Whether the text is one whole character.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 4 && First(text, out int length) != None && length == text.Length;
}
