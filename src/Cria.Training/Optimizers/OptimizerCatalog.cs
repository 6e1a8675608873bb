using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The optimizers by their names in recipes.</summary>
public static class OptimizerCatalog
{
    /// <summary>optimizer.type → the record that holds its constants and makes it.</summary>
    public static IReadOnlyDictionary<string, Type> RecipeTypes { get; } = new Dictionary<string, Type>
    {
        ["adamw"] = typeof(AdamWRecipe),
        ["ademamix"] = typeof(AdEmaMixRecipe),
        ["lion"] = typeof(LionRecipe),
        ["sgd"] = typeof(SgdRecipe),
        ["sophia"] = typeof(SophiaRecipe),
        ["schedule_free"] = typeof(ScheduleFreeRecipe),
        ["muon"] = typeof(MuonRecipe),
        ["d_muon"] = typeof(DMuonRecipe),
        ["soap"] = typeof(SoapRecipe),
    };
}
