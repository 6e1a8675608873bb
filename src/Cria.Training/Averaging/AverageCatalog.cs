namespace Cria.Training.Averaging;

/// <summary>The averages by their names in recipes.</summary>
public static class AverageCatalog
{
    /// <summary>average.type → the record that holds its settings and makes it.</summary>
    public static IReadOnlyDictionary<string, Type> RecipeTypes { get; } = new Dictionary<string, Type>
    {
        ["ema"] = typeof(EmaRecipe),
        ["window"] = typeof(WindowRecipe),
        ["lawa"] = typeof(LawaRecipe),
    };
}
