namespace Cria.Data.Cleaning;

/// <summary>One reason to leave a document out. A pure function, safe to call from many threads.</summary>
public interface IDocumentFilter : IDocumentStep
{
    /// <summary>Why the document goes, in a few words with the value found; null where it stays.</summary>
    string? Reason(string text);
}
