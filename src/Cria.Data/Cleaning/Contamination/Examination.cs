namespace Cria.Data.Cleaning.Contamination;

/// <summary>What of a document evaluation sets hold too.</summary>
/// <param name="Pieces">What is left of the text: the text itself where nothing was found, nothing where all goes.</param>
/// <param name="Passages">Where something was found, without the margin: in the order of the text, none touching another.</param>
/// <param name="Runs">Which runs of words were found, each once, for <see cref="Decontaminator.Count"/>.</param>
public sealed record Examination(
    IReadOnlyList<string> Pieces, IReadOnlyList<(int First, int End)> Passages, IReadOnlyList<int> Runs)
{
    /// <summary>Whether something was found.</summary>
    public bool IsFound => Passages.Count > 0;
}
