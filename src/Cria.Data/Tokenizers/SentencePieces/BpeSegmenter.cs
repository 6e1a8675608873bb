namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>
/// Merges neighbours by score. Where no piece has a space after its first character that is none, nothing can merge
/// across the beginning of a word, so that words are cut first and remembered; else the whole text is one word.
/// </summary>
sealed class BpeSegmenter(ScoreTables tables, bool hasWords) : IPieceSegmenter
{
    readonly WordEncoder _words = new(new WordMerger(tables));

    /// <summary>Whether pieces keep to words: no "▁" after another character.</summary>
    public static bool HasWords(PieceVocabulary vocabulary)
    {
        foreach ((byte[] text, _) in vocabulary.Of(PieceType.Normal, PieceType.Unused))
            if (FirstWord(text) < text.Length)
                return false;
        return true;
    }

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
        while (text[i..].StartsWith(PieceVocabulary.Space))
            i += PieceVocabulary.Space.Length;
        int next = text[i..].IndexOf(PieceVocabulary.Space);
        return next < 0 ? text.Length : i + next;
    }
}
