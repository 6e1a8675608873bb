namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Wikipedia in simple English.</summary>
sealed class SimpleWikipedia : IBabyLmDomain
{
    public string Stem => "simple_wikipedia";

    /// <summary>Paragraphs are glued together.</summary>
    public string Clean(string text) => GluedParagraphs.Glue(text);

    /// <summary>Paragraphs stay apart, and an article is a document where a heading opens it.</summary>
    public IEnumerable<string> Documents(string text) => HeadedArticles.Of(text);
}
