using System.Buffers;
using System.Text;

namespace Cria.Data.Unicode;

/// <summary>
/// The normal forms of Unicode Standard Annex 15. The runtime's own need ICU, which this program does
/// without. Lone surrogates pass through unchanged.
/// </summary>
public static class UnicodeNormalization
{
    static readonly NormalizationTables Tables = NormalizationTables.Instance;

    /// <summary>The version of Unicode whose characters are known.</summary>
    public static Version UnicodeVersion => Tables.UnicodeVersion;

    /// <summary>Canonical composition: one spelling for characters that are the same.</summary>
    /// <returns><paramref name="text"/> itself if it is in this form.</returns>
    public static string Nfc(string text) => Normalize(text, compatible: false) ?? text;

    /// <summary>Compatibility composition: also one spelling for ligatures, widths, superscripts and the
    /// like.</summary>
    /// <returns><paramref name="text"/> itself if it is in this form.</returns>
    public static string Nfkc(string text) => Normalize(text, compatible: true) ?? text;

    /// <inheritdoc cref="Nfc(string)"/>
    public static string Nfc(ReadOnlySpan<char> text) => Normalize(text, compatible: false) ?? text.ToString();

    /// <inheritdoc cref="Nfkc(string)"/>
    public static string Nfkc(ReadOnlySpan<char> text) => Normalize(text, compatible: true) ?? text.ToString();

    /// <summary>Canonical decomposition: letters and their marks apart.</summary>
    public static string Nfd(string text) => Decompose(text, compatible: false);

    /// <summary>Compatibility decomposition: also ligatures, widths, superscripts and the like apart.</summary>
    public static string Nfkd(string text) => Decompose(text, compatible: true);

    static string Decompose(string text, bool compatible)
    {
        if (Ascii.IsValid(text))
            return text;
        var output = new StringBuilder(text.Length + 16);
        new NormalizationPiece(Tables, compatible).Rewrite(text, output, composes: false);
        return output.ToString();
    }

    /// <summary>
    /// Copies what is in order and rewrites the rest piece by piece. A piece begins at a code point that nothing before
    /// it can change (a starter that passes the quick check) and reaches to the next such one. Null: nothing to change.
    /// </summary>
    static string? Normalize(ReadOnlySpan<char> text, bool compatible)
    {
        int start = FirstSuspect(text, 0, compatible, out int end);
        if (start < 0)
            return null;

        var output = new StringBuilder(text.Length + 16);
        var piece = new NormalizationPiece(Tables, compatible);
        int copied = 0;
        while (start >= 0)
        {
            output.Append(text[copied..start]);
            piece.Rewrite(text[start..end], output);
            copied = end;
            start = FirstSuspect(text, end, compatible, out end);
        }

        return output.Append(text[copied..]).ToString();
    }

    /// <summary>The next piece [return value, end) that may not be in the form, from a border on; -1 if there is
    /// none.</summary>
    static int FirstSuspect(ReadOnlySpan<char> text, int from, bool compatible, out int end)
    {
        byte changes = compatible ? CodePointRecord.NotNfkc : CodePointRecord.NotNfc;
        int border = from;
        bool suspect = false;
        byte lastClass = 0;
        int i = from;
        while (i < text.Length)
        {
            if (!suspect && char.IsAscii(text[i]))
            {
                int run = text[i..].IndexOfAnyExceptInRange('\0', '\x7f');
                i = run < 0 ? text.Length : i + run;
                border = i - 1; // an ASCII character may take the mark that follows it
                lastClass = 0;
                continue;
            }

            int codePoint = ReadCodePoint(text, i, out int length);
            ref readonly CodePointRecord record = ref Tables[codePoint];
            bool isBorder = record.CombiningClass == 0 && (record.Flags & changes) == 0;
            if (isBorder && suspect)
                break;
            if (isBorder)
                border = i;
            suspect |= (record.Flags & changes) != 0
                || (record.CombiningClass != 0 && record.CombiningClass < lastClass);
            lastClass = record.CombiningClass;
            i += length;
        }

        end = i;
        return suspect ? border : -1;
    }

    /// <summary>The code point at <paramref name="i"/>; a lone surrogate is its own.</summary>
    internal static int ReadCodePoint(ReadOnlySpan<char> text, int i, out int length)
    {
        OperationStatus status = Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
        if (status == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return text[i];
    }
}
