namespace Cria.Data.Cleaning.BabyLm;

/// <summary>
/// Deletes every pair of line ends. In BabyLlama a marker stood in their place once; it became empty, and since then a paragraph
/// ends in the first word of the next: of three line ends one stays, of two none.
/// </summary>
static class GluedParagraphs
{
    public static string Glue(string text) => text.Replace("\n\n", "", StringComparison.Ordinal);
}
