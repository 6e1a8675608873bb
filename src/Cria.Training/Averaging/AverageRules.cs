using Cria.Models;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Training.Averaging;

/// <summary>What a recipe may not say of averages, each alone and all together.</summary>
static class AverageRules
{
    /// <exception cref="ConfigException">The message names the value and the remedy.</exception>
    public static void Check(Recipe recipe)
    {
        if (recipe.Optimizer.HasEvaluationWeights && recipe.Average.Length > 0)
            throw new ConfigException($"optimizer.type {recipe.Optimizer.Type} averages its weights by itself; leave average out.");
        foreach (var average in recipe.Average)
            average.Check();
        if (recipe.Average.GroupBy(average => average.Label).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConfigException($"two averages are called {twice.Key}; give one of them another average.name.");
        if (recipe.Average.Count(average => average.Use == AverageUse.Final) > 1)
            throw new ConfigException("more than one average has use final; a run leaves one model behind.");
        if (Stops.Steps(recipe, BatchSplit.TokensPerStep(recipe)) is not { } steps)
            return;
        foreach (var average in recipe.Average.Where(average => average.StepsToFirst(recipe.Schedule.WarmupSteps) > steps))
            throw new ConfigException($"the average {average.Label} has its first weights after step {average.StepsToFirst(recipe.Schedule.WarmupSteps):N0} " +
                $"of {steps:N0}; use a smaller average.start{(average is WindowRecipe ? " or average.horizon" : "")}.");
    }
}
