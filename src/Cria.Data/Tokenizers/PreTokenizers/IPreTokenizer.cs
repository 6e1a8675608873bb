namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Cuts text into words, across whose borders no token reaches. Safe for many threads at once.</summary>
public interface IPreTokenizer
{
    /// <summary>Adds the words of a piece to <paramref name="words"/>, in order.</summary>
    void Split(TextPiece piece, ICollection<TextPiece> words);

    /// <summary>The words of a text of so many bytes of UTF-8 have together no more than this many.</summary>
    long MaxBytes(long utf8Bytes);
}
