using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Text as Python 3's <c>str</c> and <c>re</c> see it, where .NET sees it otherwise.</summary>
static class PythonText
{
    /// <summary><c>str.isspace</c>: as .NET, and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary><c>\w</c>: letters and numbers of every script and the underscore; no combining marks.</summary>
    public static bool IsWord(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsNumber(rune);

    /// <summary><c>str.strip</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return StripEnd(text[start..]);
    }

    /// <summary><c>str.rstrip</c>.</summary>
    public static ReadOnlySpan<char> StripEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary><c>str.splitlines</c>, for a text without <c>\r</c>: the end of the text makes no further line.</summary>
    public static SplitLines Lines(string text) => new(text);

    /// <summary><c>str.isupper</c> of one character: also Roman numerals and letters in circles and squares.</summary>
    public static bool IsUpper(Rune rune) => Rune.IsUpper(rune) || rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF)
        or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    static bool IsLineEnd(char c) => c is '\n' or '\v' or '\f' or (>= '\u001c' and <= '\u001e') or '\u0085' or '\u2028' or '\u2029';

    public ref struct SplitLines(string text)
    {
        int _next;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly SplitLines GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= text.Length)
                return false;
            int end = _next;
            while (end < text.Length && !IsLineEnd(text[end]))
                end++;
            Current = text.AsSpan(_next, end - _next);
            _next = end + 1;
            return true;
        }
    }
}
