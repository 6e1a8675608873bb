namespace Cria.Data.Cleaning.BabyLm;

/// <summary>
/// One of the ten files of a BabyLM corpus (2023), and two ways to clean it: to the byte as BabyLlama did, for results that are
/// compared with its own, and without its damage. Both take a whole file whose lines end with <c>\n</c> (docs/cleaning.md).
/// </summary>
interface IBabyLmDomain
{
    /// <summary>The file's name without its ending.</summary>
    string Stem { get; }

    /// <summary>BabyLlama's cleaning, exactly.</summary>
    string Clean(string text);

    /// <summary>
    /// The documents as far as the file shows where they end, cleaned, with their paragraphs. Where nothing shows it, the whole is one.
    /// </summary>
    IEnumerable<string> Documents(string text);
}
