namespace Cria.Data.Tokenizers;

/// <summary>
/// Cuts text into the words inside which byte pairs may merge. Every splitter here equals a published regular
/// expression, matched again and again from the front; none of them looks behind its first byte, so a word depends
/// only on the bytes that follow.
/// </summary>
public interface IWordSplitter
{
    /// <summary>The regular expression that this splitter equals, in the notation of tokenizer files.</summary>
    string Pattern { get; }

    /// <summary>The length in bytes of the first word; at least 1.</summary>
    /// <param name="text">UTF-8, not empty. A byte that is not UTF-8 counts as a symbol.</param>
    int FirstWord(ReadOnlySpan<byte> text);

    /// <summary>
    /// The first place from <paramref name="from"/> on where the text may be cut in two so that the words of both parts
    /// are the words of the whole, wherever the parts begin and end; the text's length if there is none.
    /// </summary>
    /// <param name="text">UTF-8, or any bytes.</param>
    /// <param name="from">At least 1.</param>
    int FirstCut(ReadOnlySpan<byte> text, int from);
}
