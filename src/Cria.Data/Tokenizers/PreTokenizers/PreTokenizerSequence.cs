using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Each cuts the words of the one before.</summary>
public sealed record PreTokenizerSequence(IReadOnlyList<IPreTokenizer> Parts) : IPreTokenizer
{
    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        List<TextPiece> current = [piece];
        foreach (IPreTokenizer part in Parts)
        {
            List<TextPiece> next = [];
            foreach (TextPiece word in current)
                part.Split(word, next);
            current = next;
        }
        foreach (TextPiece word in current)
            words.Add(word);
    }

    public long MaxBytes(long utf8Bytes) =>
        Parts.Aggregate(utf8Bytes, (bytes, part) => Math.Min(NormalizerSequence.Endless, part.MaxBytes(bytes)));
}
