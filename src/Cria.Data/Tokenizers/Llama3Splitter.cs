namespace Cria.Data.Tokenizers;

/// <summary>
/// Llama 3's words (and cl100k's): contractions in any case, letters with one character before them, up to three
/// digits, symbols with the line ends after them. Qwen 2's differ in one place: every digit is a word.
/// </summary>
public sealed class Llama3Splitter : IWordSplitter
{
    readonly int _maxDigits;

    Llama3Splitter(int maxDigits) => _maxDigits = maxDigits;

    public static Llama3Splitter Instance { get; } = new(3);

    public static Llama3Splitter Qwen2 { get; } = new(1);

    public string Pattern =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + (_maxDigits == 1 ? @"\p{N}" : @"\p{N}{1,3}")
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public int FirstWord(ReadOnlySpan<byte> text)
    {
        if (text[0] == '\'' && ContractionLength(text) is > 0 and int contraction)
            return contraction;

        CharacterClass first = CharacterClasses.At(text, 0, out int length);
        if (first == CharacterClass.Letter)
            return CharacterClasses.RunEnd(text, length, CharacterClass.Letter);
        if (first == CharacterClass.Number)
            return NumberEnd(text, length);
        if (!IsLineEnd(text[0]) && CharacterClasses.IsAt(text, length, CharacterClass.Letter))
            return CharacterClasses.RunEnd(text, length, CharacterClass.Letter);

        int start = text[0] == ' ' ? 1 : 0;
        if (CharacterClasses.IsAt(text, start, CharacterClass.Symbol))
            return LineEndsEnd(text, CharacterClasses.RunEnd(text, start, CharacterClass.Symbol));

        int spaces = CharacterClasses.RunEnd(text, 0, CharacterClass.Space);
        int lastLineEnd = text[..spaces].LastIndexOfAny((byte)'\r', (byte)'\n');
        return lastLineEnd >= 0 ? lastLineEnd + 1 : CharacterClasses.SpacesEnd(text);
    }

    // A space after another character begins a word, as in GPT-2. A line end ends one if something other than white space
    // follows, for the expressions take all line ends that they can, and of those only that for symbols has anything before.
    public int FirstCut(ReadOnlySpan<byte> text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            int skipped = text[(i - 1)..].IndexOfAny((byte)' ', (byte)'\n');
            if (skipped < 0)
                break;
            i += skipped; // what was found stands at i - 1
            if (i - 1 >= from && text[i - 1] == ' ' && CharacterClasses.Before(text, i - 1) != CharacterClass.Space)
                return i - 1;
            if (i < text.Length && text[i - 1] == '\n' && !CharacterClasses.IsAt(text, i, CharacterClass.Space))
                return i;
        }
        return text.Length;
    }

    int NumberEnd(ReadOnlySpan<byte> text, int i)
    {
        for (int digits = 1; digits < _maxDigits && i < text.Length; digits++)
        {
            if (CharacterClasses.At(text, i, out int length) != CharacterClass.Number)
                break;
            i += length;
        }
        return i;
    }

    static int LineEndsEnd(ReadOnlySpan<byte> text, int i)
    {
        while (i < text.Length && IsLineEnd(text[i]))
            i++;
        return i;
    }

    static bool IsLineEnd(byte b) => b is (byte)'\r' or (byte)'\n';

    static int ContractionLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return 0;
        if (text.Length > 2 && text[1] == 0xC5 && text[2] == 0xBF)
            return 3; // the long s folds to s
        int second = text[1] | 0x20, third = text.Length > 2 ? text[2] | 0x20 : 0;
        return (second, third) switch
        {
            ('s' or 't' or 'm' or 'd', _) => 2,
            ('r' or 'v', 'e') => 3,
            ('l', 'l') => 3,
            _ => 0,
        };
    }
}
