namespace Cria.Data.Readers;

/// <summary>How files become documents.</summary>
public sealed record ReaderOptions
{
    /// <summary>The field of a JSON line that holds the text.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>A longer document (or line) is refused: it is a mistake more often than a text.</summary>
    public int MaxDocumentBytes { get; init; } = 256 << 20;
}
