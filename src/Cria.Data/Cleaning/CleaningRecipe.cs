using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Cleaning;

/// <summary>What is done to a corpus, in order.</summary>
public sealed record CleaningRecipe
{
    /// <summary>Its name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What is done to every text, and who may drop it. A text of which nothing is left is removed.</summary>
    public required IDocumentStep[] Steps { get; init; }

    /// <summary>Whether of documents with the same cleaned text only the first is kept.</summary>
    public bool RemovesDuplicates { get; init; } = true;

    /// <summary>Right for any text meant to be read: invisible characters, NFKC, spaces, blank lines,
    /// duplicates.</summary>
    public static CleaningRecipe Basic { get; } = new()
    {
        // Control characters first: one between a letter and its accent would keep NFKC from joining them.
        Name = "basic",
        Steps = [new ControlCharacters(), new CompatibilityForms(), new Spaces(), new BlankLines()],
    };

    /// <summary>Every text as it is.</summary>
    public static CleaningRecipe None { get; } = new() { Name = "none", Steps = [], RemovesDuplicates = false };

    /// <summary>For pages of the web, by C4's rules for lines and pages: sentences stay, menus, notices and code go. C4 also removed spans
    /// of three sentences that other pages have; that is not done.</summary>
    public static CleaningRecipe C4 { get; } = new()
    {
        Name = "c4",
        Steps = [.. Web, new C4Lines(), new BlankLines(), new C4Page()],
    };

    /// <summary>For any large collection of English, as Gopher's: what is no prose, and what repeats itself, goes.</summary>
    public static CleaningRecipe Gopher { get; } = new()
    {
        Name = "gopher",
        Steps = [.. Web, new GopherQuality(), new GopherRepetition()],
    };

    /// <summary>All recipes with a name.</summary>
    public static IReadOnlyList<CleaningRecipe> All { get; } = [Basic, C4, Gopher, None];

    // Not NFKC, which neither paper has and which makes 41⁄2 of 4½.
    static IDocumentStep[] Web => [new Mojibake(), new ControlCharacters(), new CanonicalForms(), new Spaces(), new BlankLines()];

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static CleaningRecipe ByName(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name) ?? throw new DataException($"There is no cleaning recipe " +
            $"\"{name}\"; choose one of {string.Join(", ", All.Select(recipe => recipe.Name))}.");
}
