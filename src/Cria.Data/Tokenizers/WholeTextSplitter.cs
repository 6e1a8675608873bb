namespace Cria.Data.Tokenizers;

/// <summary>No words at all: pairs merge anywhere in the text.</summary>
public sealed class WholeTextSplitter : IWordSplitter
{
    public static WholeTextSplitter Instance { get; } = new();

    public string Pattern => "";

    public int FirstWord(ReadOnlySpan<byte> text) => text.Length;

    public int FirstCut(ReadOnlySpan<byte> text, int from) => text.Length;
}
