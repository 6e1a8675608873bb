namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>A stretch of text on its way to become words.</summary>
/// <param name="Text">Not empty.</param>
/// <param name="IsFirst">Whether the whole text begins with it.</param>
public readonly record struct TextPiece(string Text, bool IsFirst);
