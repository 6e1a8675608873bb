using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Books of Project Gutenberg.</summary>
sealed class Gutenberg : IBabyLmDomain
{
    public string Stem => "gutenberg";

    /// <summary>Nothing is done.</summary>
    public string Clean(string text) => text;

    /// <summary>A book is a document where a heading opens it, such as its number <c>PG123</c>, which goes, as do Project Gutenberg's own
    /// words around a book. Verse keeps its indentation.</summary>
    public IEnumerable<string> Documents(string text)
    {
        var licence = new GutenbergLicence();
        return HeadedArticles.Of(text, keepsIndentation: true, IsNumber).Select(licence.Apply);
    }

    static bool IsNumber(string title) =>
        title.Length > 2 && title.StartsWith("PG", StringComparison.Ordinal) && title.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;
}
