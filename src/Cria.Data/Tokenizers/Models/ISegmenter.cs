namespace Cria.Data.Tokenizers.Models;

/// <summary>Cuts prepared text into tokens. Not safe for two threads at once.</summary>
public interface ISegmenter
{
    /// <summary>Writes the ids of the text into <paramref name="ids"/>, at least as long as the text; returns their count.</summary>
    int Segment(ReadOnlySpan<byte> text, Span<int> ids);
}
