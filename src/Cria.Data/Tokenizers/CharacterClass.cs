using System.Globalization;
using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>The four classes that word patterns tell apart.</summary>
enum CharacterClass : byte
{
    /// <summary>Everything else, and every byte that is not UTF-8.</summary>
    Symbol,

    /// <summary>\p{L}</summary>
    Letter,

    /// <summary>\p{N}</summary>
    Number,

    /// <summary>\s: Unicode's White_Space property.</summary>
    Space,
}

/// <summary>Walks UTF-8 by character class.</summary>
static class CharacterClasses
{
    static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(c => ClassOf(new Rune(c)))];

    /// <summary>The class of the character at <paramref name="i"/> and its length in bytes.</summary>
    public static CharacterClass At(ReadOnlySpan<byte> text, int i, out int length)
    {
        byte first = text[i];
        if (first < 128)
        {
            length = 1;
            return Ascii[first];
        }
        bool isValid = Rune.DecodeFromUtf8(text[i..], out Rune rune, out length) == System.Buffers.OperationStatus.Done;
        return isValid ? ClassOf(rune) : CharacterClass.Symbol;
    }

    /// <summary>Whether a character of this class begins at <paramref name="i"/>; false at the end.</summary>
    public static bool IsAt(ReadOnlySpan<byte> text, int i, CharacterClass wanted) =>
        i < text.Length && At(text, i, out _) == wanted;

    /// <summary>The class of the character that ends before <paramref name="i"/>, which is at least 1.</summary>
    public static CharacterClass Before(ReadOnlySpan<byte> text, int i)
    {
        byte last = text[i - 1];
        if (last < 128)
            return Ascii[last];
        bool isValid = Rune.DecodeLastFromUtf8(text[..i], out Rune rune, out _) == System.Buffers.OperationStatus.Done;
        return isValid ? ClassOf(rune) : CharacterClass.Symbol;
    }

    /// <summary>The end of the run of characters of one class that begins at <paramref name="i"/>.</summary>
    public static int RunEnd(ReadOnlySpan<byte> text, int i, CharacterClass wanted)
    {
        CharacterClass[] ascii = Ascii;
        while (i < text.Length)
        {
            byte first = text[i];
            if (first < 128)
            {
                if (ascii[first] != wanted)
                    return i;
                i++;
                continue;
            }
            if (At(text, i, out int length) != wanted)
                return i;
            i += length;
        }
        return i;
    }

    /// <summary>
    /// The end of <c>\s+(?!\S)|\s+</c> at the start of the text: white space before a word leaves its last character
    /// to that word, unless it is the only one.
    /// </summary>
    public static int SpacesEnd(ReadOnlySpan<byte> text)
    {
        int i = 0, last = 0;
        while (i < text.Length && At(text, i, out int length) == CharacterClass.Space)
        {
            last = i;
            i += length;
        }
        return i == text.Length || last == 0 ? i : last;
    }

    static CharacterClass ClassOf(Rune rune)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        return category switch
        {
            <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => Rune.IsWhiteSpace(rune) ? CharacterClass.Space : CharacterClass.Symbol,
        };
    }
}
