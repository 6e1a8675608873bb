namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>What the unigram segmentation looks up.</summary>
sealed class UnigramTables
{
    /// <summary>How much less than the least probable piece an unknown character is worth, in nats.</summary>
    const float UnknownPenalty = 10;

    readonly float[] _scores;
    readonly bool[] _isUserDefined;
    readonly float _greatest;

    public UnigramTables(PieceVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        Pieces = new ByteTrie(vocabulary.Of(PieceType.Normal, PieceType.UserDefined));
        _scores = [.. vocabulary.Model.Pieces.Select(piece => piece.Score)];
        _isUserDefined = [.. vocabulary.Model.Pieces.Select(piece => piece.Type == PieceType.UserDefined)];
        float[] normal = [.. vocabulary.Model.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score)];
        _greatest = normal.Length == 0 ? 0 : normal.Max();
        UnknownScore = (normal.Length == 0 ? 0 : normal.Min()) - UnknownPenalty;
    }

    public PieceVocabulary Vocabulary { get; }

    public ByteTrie Pieces { get; }

    public double UnknownScore { get; }

    /// <summary>A sum as it is kept: SentencePiece keeps 32-bit floats.</summary>
    public double Round(double sum) => (float)sum;

    /// <summary>A piece's score; a user-defined one is always worth more than its parts could be.</summary>
    public double Score(int id, int length) => _isUserDefined[id] ? length * _greatest - 0.1 : _scores[id];
}
