namespace Cria.Data.Tokenizers.Models;

/// <summary>Writes the tokens of a character that the vocabulary does not have; returns their count.</summary>
delegate int CharacterFallback(ReadOnlySpan<byte> character, Span<int> ids);

/// <summary>What the unigram segmentation looks up.</summary>
/// <param name="pieces">The pieces that may be found.</param>
/// <param name="scores">Their log probabilities, by id.</param>
/// <param name="unknownScore">What a character that is no piece is worth.</param>
/// <param name="fallback">What stands for such a character.</param>
sealed class UnigramTables(ByteTrie pieces, double[] scores, double unknownScore, CharacterFallback fallback)
{
    /// <summary>How much less than the least probable piece an unknown character is worth, in nats.</summary>
    public const float UnknownPenalty = 10;

    public ByteTrie Pieces => pieces;

    public double UnknownScore => unknownScore;

    /// <summary>Whether sums are kept as 32-bit floats, as SentencePiece keeps them; ties fall by their rounding.</summary>
    public bool IsSinglePrecision { get; init; }

    /// <summary>The token that joins with its like next to it; −1 for none.</summary>
    public int JoiningId { get; init; } = -1;

    public double Score(int id) => scores[id];

    public double Kept(double sum) => IsSinglePrecision ? (float)sum : sum;

    public int Fallback(ReadOnlySpan<byte> character, Span<int> ids) => fallback(character, ids);
}
