using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Cria.Data.Cleaning;

/// <summary>
/// The words of a text, one after the other, as duplicates and contamination compare them: runs of letters, digits and
/// marks in lower case; all else separates. An apostrophe inside a word is left out (<c>don't</c> is <c>dont</c>,
/// however it is written). In scripts without spaces (Chinese, Japanese, Thai, Lao, Burmese, Khmer) every character is
/// a word.
/// </summary>
/// <param name="text">Any UTF-16, surrogates alone included (they separate).</param>
ref struct WordScanner(ReadOnlySpan<char> text)
{
    const byte Separates = 0, Dropped = 1; // any other value of the table: the letter in lower case
    const ulong Start = 0x6A09E667F3BCC909, Multiplier = 0x9FB21C651E98DF25;

    static readonly byte[] Ascii = AsciiTable();

    readonly ReadOnlySpan<char> _text = text;
    int _at;

    /// <summary>64 bits of the word; equal words have equal hashes.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Where in the text the word begins.</summary>
    public int First { get; private set; }

    /// <summary>Where it has ended.</summary>
    public int End { get; private set; }

    /// <summary>Goes to the next word; false at the end of the text.</summary>
    public bool Next()
    {
        ReadOnlySpan<char> text = _text; // locals, because the compiler keeps those in registers
        ref byte ascii = ref MemoryMarshal.GetArrayDataReference(Ascii);
        for (int at = _at; at < text.Length; at++)
        {
            char c = text[at];
            if (c < 128 ? Unsafe.Add(ref ascii, c) > Dropped : Kind(text, at, out _, out _) >= CharacterKind.Letter)
            {
                Take(text, at);
                return true;
            }
        }

        _at = text.Length;
        return false;
    }

    /// <summary>The text's words with one space between them: what their hashes are hashes of.</summary>
    public static string Normalized(ReadOnlySpan<char> text)
    {
        var words = new WordScanner(text);
        var output = new StringBuilder(text.Length);
        while (words.Next())
        {
            if (output.Length > 0)
                output.Append(' ');
            foreach (Rune rune in text[words.First..words.End].EnumerateRunes())
            {
                if (!IsDropped(rune.Value))
                    output.Append(Rune.ToLowerInvariant(rune));
            }
        }

        return output.ToString();
    }

    void Take(ReadOnlySpan<char> text, int first)
    {
        ref byte ascii = ref MemoryMarshal.GetArrayDataReference(Ascii);
        ulong hash = Start;
        int at = first, end = first;
        while (at < text.Length)
        {
            uint letter = text[at];
            int length = 1;
            if (letter < 128)
            {
                letter = Unsafe.Add(ref ascii, letter);
                if (letter == Separates)
                    break;
            }
            else
            {
                CharacterKind kind = Kind(text, at, out letter, out length);
                if (kind == CharacterKind.Separator || (kind == CharacterKind.WordOfItsOwn && end > first))
                    break;
                if (kind == CharacterKind.WordOfItsOwn)
                {
                    hash = (hash ^ letter) * Multiplier;
                    end = at += length;
                    break;
                }
            }

            at += length;
            if (letter == Dropped)
                continue;
            hash = (hash ^ letter) * Multiplier;
            end = at;
        }

        (_at, First, End, Hash) = (at, first, end, KeyedHash.Mix(hash));
    }

    /// <summary>What stands at a place that is not ASCII; its letter in lower case (or <see cref="Dropped"/>) and its
    /// length in UTF-16.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static CharacterKind Kind(ReadOnlySpan<char> text, int at, out uint letter, out int length)
    {
        letter = Dropped;
        if (Rune.DecodeFromUtf16(text[at..], out Rune decoded, out length) != OperationStatus.Done)
        {
            length = 1;
            return CharacterKind.Separator;
        }

        if (IsDropped(decoded.Value))
            return CharacterKind.Dropped;
        letter = (uint)Rune.ToLowerInvariant(decoded).Value;
        bool isOfWords = Rune.GetUnicodeCategory(decoded) is <= UnicodeCategory.OtherNumber and not UnicodeCategory.EnclosingMark;
        if (!isOfWords)
            return CharacterKind.Separator;
        return HasNoSpaces(decoded.Value) ? CharacterKind.WordOfItsOwn : CharacterKind.Letter;
    }

    // Apostrophes; soft hyphens and the joiners of Persian and Indic words, which nobody sees.
    static bool IsDropped(int rune) => rune is '\'' or 0x2019 or 0x00AD or 0x200C or 0x200D;

    static bool HasNoSpaces(int rune) => rune is (>= 0x0E00 and < 0x0F00) or (>= 0x1000 and < 0x10A0)
        or (>= 0x1780 and < 0x1800) or (>= 0x3040 and < 0x3100) or (>= 0x3400 and < 0x4DC0) or (>= 0x4E00 and < 0xA000)
        or (>= 0xF900 and < 0xFB00) or (>= 0x20000 and < 0x32000);

    static byte[] AsciiTable()
    {
        byte[] table = new byte[128];
        for (int c = 0; c < table.Length; c++)
            table[c] = char.IsAsciiLetterOrDigit((char)c) ? (byte)char.ToLowerInvariant((char)c) : Separates;
        table['\''] = Dropped;
        return table;
    }

    enum CharacterKind
    {
        Separator,
        Dropped,
        Letter,
        WordOfItsOwn,
    }
}
