namespace Cria.Data.Tokenizers;

/// <summary>GPT-2's words: an English contraction, or letters, numbers or symbols with the space before them.</summary>
public sealed class Gpt2Splitter : IWordSplitter
{
    public static Gpt2Splitter Instance { get; } = new();

    public string Pattern =>
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public int FirstWord(ReadOnlySpan<byte> text)
    {
        if (text[0] == '\'' && ContractionLength(text) is > 0 and int contraction)
            return contraction;

        int start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        CharacterClass first = CharacterClasses.At(text, start, out int length);
        return first == CharacterClass.Space
            ? CharacterClasses.SpacesEnd(text)
            : CharacterClasses.RunEnd(text, start + length, first);
    }

    // White space after another character always begins a word: only a word of nothing but white space has any after its
    // first character. And no word before it depends on what follows: only white space looks ahead.
    public int FirstCut(ReadOnlySpan<byte> text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            int skipped = text[i..].IndexOfAny((byte)' ', (byte)'\n');
            if (skipped < 0)
                break;
            i += skipped;
            if (CharacterClasses.Before(text, i) != CharacterClass.Space)
                return i;
        }
        return text.Length;
    }

    static int ContractionLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return 0;
        byte second = text[1], third = text.Length > 2 ? text[2] : (byte)0;
        return (second, third) switch
        {
            ((byte)'s' or (byte)'t' or (byte)'m' or (byte)'d', _) => 2,
            ((byte)'r' or (byte)'v', (byte)'e') => 3,
            ((byte)'l', (byte)'l') => 3,
            _ => 0,
        };
    }
}
