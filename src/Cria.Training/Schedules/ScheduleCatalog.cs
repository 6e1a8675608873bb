namespace Cria.Training.Schedules;

/// <summary>The schedules by their names in recipes.</summary>
public static class ScheduleCatalog
{
    /// <summary>schedule.type → the record that holds its settings and makes it.</summary>
    public static IReadOnlyDictionary<string, Type> RecipeTypes { get; } = new Dictionary<string, Type>
    {
        ["cosine"] = typeof(CosineRecipe),
        ["linear"] = typeof(LinearRecipe),
        ["wsd"] = typeof(WsdRecipe),
        ["one_cycle"] = typeof(OneCycleRecipe),
        ["inverse_sqrt"] = typeof(InverseSqrtRecipe),
        ["constant"] = typeof(ConstantRecipe),
    };
}
