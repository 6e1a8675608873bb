using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Turns tokens to text as they are generated. A token may end in the middle of a character; the decoder holds those
/// bytes back until the character is whole. Not safe for two threads at once.
/// </summary>
public sealed class StreamingDecoder
{
    readonly ITokenizer _tokenizer;
    readonly Decoder _utf8 = new UTF8Encoding(false).GetDecoder();
    char[] _characters = new char[64];
    bool _opens;

    /// <param name="tokenizer">What made the ids.</param>
    /// <param name="continues">Whether other text stands before the first token, so that its space is kept.</param>
    public StreamingDecoder(ITokenizer tokenizer, bool continues = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_tokenizer, _opens) = (tokenizer, !continues);
    }

    /// <summary>The text that this token completes; empty while a character is still partial.</summary>
    public string Next(int id)
    {
        if (!_opens)
            return Convert(_tokenizer.TokenBytes(id), flush: false);
        ReadOnlySpan<byte> bytes = _tokenizer.OpeningBytes(id);
        _opens = _tokenizer.OpensUntilText && bytes.IsEmpty;
        return Convert(bytes, flush: false);
    }

    /// <summary>What is still held back, U+FFFD for a partial character; the decoder can then start a new text.</summary>
    public string Flush()
    {
        _opens = true;
        return Convert([], flush: true);
    }

    string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        int needed = _utf8.GetCharCount(bytes, flush);
        if (needed > _characters.Length)
            _characters = new char[needed * 2];
        return new string(_characters, 0, _utf8.GetChars(bytes, _characters, flush));
    }
}
