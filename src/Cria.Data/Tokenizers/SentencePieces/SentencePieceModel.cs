using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>How text is cut into pieces.</summary>
public enum SegmentationKind
{
    /// <summary>The division whose pieces are together the most probable (Kudo 2018).</summary>
    Unigram = 1,

    /// <summary>Neighbours merge, the piece of greatest score first (Sennrich et al. 2016).</summary>
    Bpe = 2,
}

/// <summary>
/// All that decides the ids of a SentencePiece tokenizer (Kudo and Richardson 2018). The defaults are those of Llama 2.
/// </summary>
public sealed record SentencePieceModel
{
    /// <summary>By id.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }

    public SegmentationKind Kind { get; init; } = SegmentationKind.Bpe;

    /// <summary>Whether a character that is no piece becomes the pieces of its bytes; needs all 256 of them.</summary>
    public bool ByteFallback { get; init; } = true;

    /// <summary>Whether text is encoded as if a space stood before it, so that its first word is like any other.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether runs of spaces become one, and those at both ends none.</summary>
    public bool RemoveExtraWhitespaces { get; init; }

    /// <summary>Whether a space is written "▁" inside pieces.</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>The rewriting of characters before all else; null keeps every character.</summary>
    public CharacterMap? CharacterMap { get; init; }

    /// <summary>What an unknown piece looks like in decoded text.</summary>
    public string UnknownSurface { get; init; } = " ⁇ ";

    /// <summary>The control piece that begins a text; null if there is none.</summary>
    public int? BeginOfText { get; init; }

    /// <summary>The control piece that ends a text; null if there is none.</summary>
    public int? EndOfText { get; init; }
}
