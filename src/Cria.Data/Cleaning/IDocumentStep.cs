namespace Cria.Data.Cleaning;

/// <summary>
/// What is done with every document alone: an <see cref="ICleaningStep"/> changes its text, an <see cref="IDocumentFilter"/> may
/// drop it. Both take time and memory linear in the text, whatever stands in it.
/// </summary>
public interface IDocumentStep
{
    /// <summary>What it does, for the report: a few words.</summary>
    string Name { get; }
}
