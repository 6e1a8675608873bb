namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>Cuts normalised text into pieces. Not safe for two threads at once.</summary>
interface IPieceSegmenter
{
    /// <summary>Writes the ids of the text into <paramref name="ids"/>, at least as long as the text.</summary>
    int Segment(ReadOnlySpan<byte> text, Span<int> ids);
}
