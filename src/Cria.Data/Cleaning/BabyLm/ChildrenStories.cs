namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Stories for children.</summary>
sealed class ChildrenStories : IBabyLmDomain
{
    public string Stem => "children_stories";

    /// <summary>Nothing is done.</summary>
    public string Clean(string text) => text;

    /// <summary>The whole: an empty line may end a story, or a part of one.</summary>
    public IEnumerable<string> Documents(string text) => [text];
}
