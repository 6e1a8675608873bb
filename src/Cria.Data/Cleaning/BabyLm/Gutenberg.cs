using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Books of Project Gutenberg.</summary>
sealed class Gutenberg : IBabyLmDomain
{
    public string Stem => "gutenberg";

    /// <summary>Nothing is done.</summary>
    public string Clean(string text) => text;

    /// <summary>A book is a document where a heading opens it; Project Gutenberg's own words around a book go.</summary>
    public IEnumerable<string> Documents(string text)
    {
        var licence = new GutenbergLicence();
        return HeadedArticles.Of(text).Select(licence.Apply);
    }
}
