using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>
/// Python 3's <c>str.capitalize</c>: the first character in title case, the others in lower case, with Unicode's special casings
/// (SpecialCasing.txt), among them the Greek sigma that ends a word.
/// </summary>
static class PythonCapitals
{
    const char Sigma = '\u03A3', SmallSigma = '\u03C3', FinalSigma = '\u03C2';

    // Characters whose title case is several characters, or one that is not their upper case.
    static readonly Dictionary<int, string> Titles = Parse(
        "00DF:0053+0073 0149:02BC+004E 01F0:004A+030C 0390:0399+0308+0301 03B0:03A5+0308+0301 0587:0535+0582 1E96:0048+0331 " +
        "1E97:0054+0308 1E98:0057+030A 1E99:0059+030A 1E9A:0041+02BE 1F50:03A5+0313 1F52:03A5+0313+0300 1F54:03A5+0313+0301 " +
        "1F56:03A5+0313+0342 1FB2:1FBA+0345 1FB4:0386+0345 1FB6:0391+0342 1FB7:0391+0342+0345 1FC2:1FCA+0345 1FC4:0389+0345 " +
        "1FC6:0397+0342 1FC7:0397+0342+0345 1FD2:0399+0308+0300 1FD3:0399+0308+0301 1FD6:0399+0342 1FD7:0399+0308+0342 " +
        "1FE2:03A5+0308+0300 1FE3:03A5+0308+0301 1FE4:03A1+0313 1FE6:03A5+0342 1FE7:03A5+0308+0342 1FF2:1FFA+0345 1FF4:038F+0345 " +
        "1FF6:03A9+0342 1FF7:03A9+0342+0345 FB00:0046+0066 FB01:0046+0069 FB02:0046+006C FB03:0046+0066+0069 FB04:0046+0066+006C " +
        "FB05:0053+0074 FB06:0053+0074 FB13:0544+0576 FB14:0544+0565 FB15:0544+056B FB16:054E+0576 FB17:0544+056D " +
        "01C4:01C5 01C5:01C5 01C6:01C5 01C7:01C8 01C8:01C8 01C9:01C8 01CA:01CB 01CB:01CB 01CC:01CB 01F1:01F2 01F2:01F2 01F3:01F2");

    public static void Append(StringBuilder output, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        Rune.DecodeFromUtf16(text, out Rune first, out int length);
        output.Append(Title(first));
        for (int i = length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
            if (rune.Value == Sigma)
                output.Append(EndsWord(text, i) ? FinalSigma : SmallSigma);
            else if (rune.Value == 0x130)
                output.Append("i\u0307");
            else
                output.Append(Rune.ToLowerInvariant(rune).ToString());
        }
    }

    static string Title(Rune rune)
    {
        if (Titles.TryGetValue(rune.Value, out string? title))
            return title;
        bool isGeorgian = rune.Value is >= 0x10D0 and <= 0x10FF; // whose capitals are for whole words only
        return (isGeorgian ? rune : Rune.ToUpperInvariant(rune)).ToString();
    }

    // Unicode 3.13, Final_Sigma: a cased letter before, none after, other marks apart.
    static bool EndsWord(ReadOnlySpan<char> text, int i)
    {
        ReadOnlySpan<char> before = text[..i], after = text[(i + 1)..];
        Rune last = default, next = default;
        while (Rune.DecodeLastFromUtf16(before, out last, out int length) == OperationStatus.Done && IsIgnorable(last))
            before = before[..^length];
        while (Rune.DecodeFromUtf16(after, out next, out int length) == OperationStatus.Done && IsIgnorable(next))
            after = after[length..];
        return !before.IsEmpty && IsCased(last) && !(!after.IsEmpty && IsCased(next));
    }

    static bool IsCased(Rune c) => Rune.IsUpper(c) || Rune.IsLower(c) || Rune.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter
        || PythonText.IsUpper(c) || c.Value is 0xAA or 0xBA or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9);

    static bool IsIgnorable(Rune c) => c.Value is '\'' or '.' or ':' or '^' or '`' or 0xB7 or 0x2018 or 0x2019 or 0x2024 or 0x2027
        || Rune.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    static Dictionary<int, string> Parse(string table)
    {
        Dictionary<int, string> titles = [];
        foreach (string entry in table.Split(' '))
            titles.Add(Hex(entry[..4]), string.Concat(entry[5..].Split('+').Select(code => (char)Hex(code))));
        return titles;

        static int Hex(string code) => int.Parse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
