namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Talk with children: an utterance a line.</summary>
sealed class AoChildes : IBabyLmDomain
{
    public string Stem => "aochildes";

    public string Clean(string text) => ExtraSpaces.Remove(text);

    /// <summary>The same: it does no damage.</summary>
    public IEnumerable<string> Documents(string text) => [Clean(text)];
}
