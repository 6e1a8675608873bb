namespace Cria.Data.Corpora;

/// <summary>Which lines stand in too many documents to be text: menus, notices, running heads.</summary>
public sealed record RepeatedLineOptions
{
    /// <summary>A line goes where it stands in this many documents or more.</summary>
    public int MinDocuments { get; init; } = 100;

    /// <summary>Lines with fewer characters stay: "Yes." stands in many documents too.</summary>
    public int MinCharacters { get; init; } = 20;

    internal void Check()
    {
        if (MinDocuments < 2 || MinCharacters < 1)
            throw new DataException($"repeated_lines has min_documents {MinDocuments} and min_characters {MinCharacters}; give at least 2 and 1.");
    }
}
