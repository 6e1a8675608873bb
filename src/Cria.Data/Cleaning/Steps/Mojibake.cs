using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// UTF-8 that was read as Windows-1252 or Latin-1 becomes what it was, however often that happened: "donâ€™t" is "don’t". A line is
/// changed only if all of it, taken back to bytes, is valid UTF-8. Comes before <see cref="ControlCharacters"/>: some of the bytes
/// are control characters now.
/// </summary>
public sealed record Mojibake : ICleaningStep
{
    // What Windows-1252 has at 0x80 … 0x9F; where it has nothing, the control character stays.
    const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    // What may follow a letter: it lies at 0x80 … 0xBF, where the later bytes of a sequence do.
    static readonly SearchValues<char> Punctuation = SearchValues.Create("…’‘”“–—•™»«›‹„‚\u00A0");

    /// <inheritdoc/>
    public string Name => "mojibake repaired";

    /// <inheritdoc/>
    public string Apply(string text)
    {
        if (!HasLead(text))
            return text;
        var output = new StringBuilder(text.Length);
        bool isChanged = false;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            ReadOnlySpan<char> line = text.AsSpan(start, end - start);
            string? repaired = null;
            while (HasLead(repaired ?? line) && Repaired(repaired ?? line) is { } once)
                repaired = once;
            output.Append(repaired ?? line);
            isChanged |= repaired is not null;
            start = end;
        }

        return isChanged ? output.ToString() : text;
    }

    // The first byte of a character of two to four bytes.
    static bool HasLead(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u00C2', '\u00F4');

    static string? Repaired(ReadOnlySpan<char> line)
    {
        byte[] bytes = new byte[line.Length];
        bool isBytes = IsBytes(line, bytes, ofWindows: true) || IsBytes(line, bytes, ofWindows: false);
        return isBytes && Utf8.IsValid(bytes) && IsPlausible(line, bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>
    /// A single sequence may be chance, as "É«" at the end of a quotation, unless it begins as Latin letters and typographic signs
    /// do: with Â, Ã or â. A word's last letter with the punctuation behind it proves nothing, however often it stands there.
    /// </summary>
    static bool IsPlausible(ReadOnlySpan<char> line, ReadOnlySpan<byte> bytes)
    {
        int sequences = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte lead = bytes[i];
            if (lead < 0xC0 || EndsWord(line, i, lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4))
                continue;
            if (lead is 0xC2 or 0xC3 or 0xE2)
                return true;
            sequences++;
        }

        return sequences > 1;
    }

    /// <summary>
    /// Whether a sequence reads as the end of a word and punctuation: AMANHÃ… and maçã…”. Letters that begin two bytes are capitals and
    /// stand behind one; inside a word of capitals KÃ–LN is meant to be KÖLN.
    /// </summary>
    static bool EndsWord(ReadOnlySpan<char> line, int start, int length)
    {
        char before = start > 0 ? line[start - 1] : ' ';
        if (!(length == 2 ? char.IsUpper(before) : char.IsLetter(before)))
            return false;
        ReadOnlySpan<char> signs = line.Slice(start + 1, length - 1);
        if (length > 2 || line[start] is not ('\u00C2' or '\u00C3'))
            return signs.IndexOfAnyExcept(Punctuation) < 0;
        char after = start + 2 < line.Length ? line[start + 2] : ' ';
        return signs[0] is '…' or '’' or '—' || (signs[0] is '”' or '–' or '•' or '™' && !char.IsUpper(after));
    }

    static bool IsBytes(ReadOnlySpan<char> line, Span<byte> bytes, bool ofWindows)
    {
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c < 0x80 || c is >= '\u00A0' and <= '\u00FF')
            {
                bytes[i] = (byte)c;
                continue;
            }

            int place = ofWindows ? Windows1252.IndexOf(c, StringComparison.Ordinal) : c - 0x80;
            if (place is < 0 or >= 32)
                return false;
            bytes[i] = (byte)(0x80 + place);
        }

        return true;
    }
}
