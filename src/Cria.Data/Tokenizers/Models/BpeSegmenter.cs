namespace Cria.Data.Tokenizers.Models;

/// <summary>
/// Merges neighbours. Where no token has "▁" after another character, nothing can merge across the beginning of a word:
/// then words are cut first, and remembered; else the whole text is one word.
/// </summary>
sealed class BpeSegmenter(MergeTables tables, bool hasWords) : ISegmenter
{
    readonly WordEncoder _words = new(new WordMerger(tables));

    /// <summary>"▁", the visible space, as UTF-8.</summary>
    static ReadOnlySpan<byte> Space => "\u2581"u8;

    /// <summary>Whether a token keeps to one word: no "▁" after another character.</summary>
    public static bool IsInOneWord(ReadOnlySpan<byte> token) => FirstWord(token) == token.Length;

    public int Segment(ReadOnlySpan<byte> text, Span<int> ids)
    {
        int count = 0;
        while (text.Length > 0)
        {
            int length = hasWords ? FirstWord(text) : text.Length;
            count += _words.Encode(text[..length], ids[count..]);
            text = text[length..];
        }
        return count;
    }

    /// <summary>The length of the spaces at the start and of what follows up to the next space.</summary>
    static int FirstWord(ReadOnlySpan<byte> text)
    {
        int i = 0;
        while (text[i..].StartsWith(Space))
            i += Space.Length;
        int next = text[i..].IndexOf(Space);
        return next < 0 ? text.Length : i + next;
    }
}
