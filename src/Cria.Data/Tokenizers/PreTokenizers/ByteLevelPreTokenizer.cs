using Cria.Data.Tokenizers.Composition;

namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>GPT-2's words, each byte written as its printable character.</summary>
public sealed record ByteLevelPreTokenizer(bool AddPrefixSpace, bool UsesWords) : IPreTokenizer
{
    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string text = AddPrefixSpace && piece.Text[0] != ' ' ? " " + piece.Text : piece.Text;
        ReadOnlySpan<byte> rest = EscapedText.ToUtf8(text);
        for (bool isFirst = piece.IsFirst; rest.Length > 0; isFirst = false)
        {
            int length = UsesWords ? Gpt2Splitter.Instance.FirstWord(rest) : rest.Length;
            words.Add(new TextPiece(ByteCharacters.Print(rest[..length]), isFirst));
            rest = rest[length..];
        }
    }

    // Two bytes for a byte, and two more for the space before a piece, which has a byte at least.
    public long MaxBytes(long utf8Bytes) => 4 * utf8Bytes;
}
