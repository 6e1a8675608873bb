using Cria.Data.Tokenizers.Composition;

namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Cuts at the matches of a pattern ("Split"); well-known expressions have a splitter that needs no engine.</summary>
public sealed record PatternPreTokenizer(TextPattern Pattern, SplitBehavior Behavior, bool Invert = false) : IPreTokenizer
{
    /// <summary>The splitter that equals the pattern; null if none does.</summary>
    public IWordSplitter? Splitter { get; } = Pattern.Literal is null ? KnownSplitters.Find(Pattern.Source) : null;

    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var delimiters = Splitter is null ? Pattern.Matches(piece.Text) : Words(piece.Text, Splitter);
        Delimiters.Cut(piece, delimiters, Behavior, Invert, words);
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes;

    static List<(int Start, int Length)> Words(string text, IWordSplitter splitter)
    {
        List<(int, int)> words = [];
        ReadOnlySpan<byte> utf8 = EscapedText.ToUtf8(text);
        for (int start = 0; utf8.Length > 0;)
        {
            int bytes = splitter.FirstWord(utf8);
            int length = EscapedText.Length(utf8[..bytes]);
            words.Add((start, length));
            start += length;
            utf8 = utf8[bytes..];
        }
        return words;
    }
}
