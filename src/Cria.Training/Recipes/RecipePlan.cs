using Cria.Engine.Graphs;

namespace Cria.Training.Recipes;

/// <summary>What a recipe says of the plan of its steps.</summary>
public static class RecipePlan
{
    public static PlanOptions PlanOptions(this Recipe recipe) =>
        new(recipe.Batch.Recompute, Activations: recipe.Precision.Activations);
}
