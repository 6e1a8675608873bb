namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Conversations of the British National Corpus.</summary>
sealed class BncSpoken : IBabyLmDomain
{
    public string Stem => "bnc_spoken";

    /// <summary>Extra spaces, and paragraphs glued together.</summary>
    public string Clean(string text) => GluedParagraphs.Glue(ExtraSpaces.Remove(text));

    /// <summary>Extra spaces only: paragraphs stay apart.</summary>
    public IEnumerable<string> Documents(string text) => [ExtraSpaces.Remove(text)];
}
