namespace Cria.Data.Readers;

/// <summary>How files become documents.</summary>
public sealed record ReaderOptions
{
    /// <summary>
    /// The field of a JSON line, or the column, that holds the text. In JSON, <c>meta.text</c> also finds the field
    /// <c>text</c> of the object <c>meta</c>.
    /// </summary>
    public string TextField { get; init; } = "text";

    /// <summary>The field or column that becomes <see cref="Document.Group"/>; null: none.</summary>
    public string? GroupField { get; init; }

    /// <summary>
    /// What stands between the documents of plain text: this line, or <see cref="BlankLine"/>, or
    /// <see cref="EveryLine"/>.
    /// </summary>
    public string Separator { get; init; } = Document.Separator;

    /// <summary>The <see cref="Separator"/> that makes a document of every paragraph.</summary>
    public const string BlankLine = "blank-line";

    /// <summary>The <see cref="Separator"/> that makes a document of every line.</summary>
    public const string EveryLine = "line";

    /// <summary>A longer document (or line, or row) is refused: it is a mistake more often than a text.</summary>
    public int MaxDocumentBytes { get; init; } = 256 << 20;
}
