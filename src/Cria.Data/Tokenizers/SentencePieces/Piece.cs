namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>One entry of the vocabulary; its id is its place.</summary>
/// <param name="Text">With "▁" (U+2581) for every space.</param>
/// <param name="Score">BPE: the greater, the earlier it merges. Unigram: the logarithm of its probability.</param>
/// <param name="Type">What it is for.</param>
public readonly record struct Piece(string Text, float Score, PieceType Type = PieceType.Normal);
