namespace Cria.Data.Tokenizers;

/// <summary>
/// Text to token ids and back. Text is UTF-8 bytes, valid or not; ids are 0 … <see cref="VocabSize"/> − 1, no gaps.
/// Every member is safe to call from many threads at once.
/// </summary>
public interface ITokenizer
{
    /// <summary>The number of ids.</summary>
    int VocabSize { get; }

    /// <summary>The token after the last of a document, such as <c>&lt;|endoftext|&gt;</c>; null if absent.</summary>
    int? EndOfText { get; }

    /// <summary>The token before the first of a document; where no other is known, <see cref="EndOfText"/>.</summary>
    int? BeginOfText => EndOfText;

    /// <summary>No text of <paramref name="utf8Bytes"/> bytes encodes to more tokens than this.</summary>
    int MaxTokens(int utf8Bytes);

    /// <summary>Writes the ids of <paramref name="utf8"/> into <paramref name="ids"/> and returns their count.</summary>
    /// <param name="utf8">The text; bytes that are not UTF-8 are encoded byte by byte, never refused.</param>
    /// <param name="ids">At least <see cref="MaxTokens"/> long.</param>
    /// <param name="policy">What the names of special tokens mean inside the text.</param>
    /// <exception cref="ArgumentException"><paramref name="ids"/> is shorter than <see cref="MaxTokens"/>.</exception>
    int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText);

    /// <summary>The same of one long text, on several threads where the text has places to cut it; same ids.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="ids">At least <see cref="MaxTokens"/> long.</param>
    /// <param name="threads">How many at most.</param>
    /// <param name="policy">What the names of special tokens mean inside the text.</param>
    /// <exception cref="ArgumentException"><paramref name="ids"/> is shorter than <see cref="MaxTokens"/>.</exception>
    int EncodeParallel(ReadOnlyMemory<byte> utf8, Span<int> ids, int threads, SpecialTokens policy = SpecialTokens.AsText) =>
        Encode(utf8.Span, ids, policy);

    /// <summary>The bytes that the token stands for; a special token stands for its own name.</summary>
    /// <exception cref="DataException">The id is outside 0 … <see cref="VocabSize"/> − 1.</exception>
    ReadOnlySpan<byte> TokenBytes(int id);

    /// <summary>
    /// The bytes of the token where it opens a text. Some tokenizers encode a space before every text; decoding leaves
    /// it out again.
    /// </summary>
    /// <exception cref="DataException">The id is outside 0 … <see cref="VocabSize"/> − 1.</exception>
    ReadOnlySpan<byte> OpeningBytes(int id) => TokenBytes(id);

    /// <summary>Whether tokens open the text until it has a first byte; otherwise only one token does.</summary>
    bool OpensUntilText => false;

    /// <summary>Whether the token is a mark such as <c>&lt;|endoftext|&gt;</c> and not a piece of text.</summary>
    bool IsSpecial(int id);
}

/// <summary>What the name of a special token means when it stands in a text.</summary>
public enum SpecialTokens
{
    /// <summary>Ordinary characters: text from outside cannot smuggle in a mark.</summary>
    AsText,

    /// <summary>The special token itself.</summary>
    Parse,
}
