using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Cli.Sweeps;

/// <summary>A point with its recipe, which holds: what is wrong with one is said before anything is done for any.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Recipe">As written, its end in steps unless it is a time.</param>
sealed record SweepPoint(Trial Trial, Recipe Recipe)
{
    /// <exception cref="UsageException">A recipe says what cannot be; the message begins with the point.</exception>
    public static IReadOnlyList<SweepPoint> Of(SweepPlan plan) => [.. plan.Trials().Select(Checked)];

    static SweepPoint Checked(Trial trial)
    {
        try
        {
            var recipe = RecipeFile.Read(trial.RecipePath, trial.Overrides);
            RecipeRules.Check(recipe);
            int? steps = Stops.Steps(recipe, BatchSplit.TokensPerStep(recipe));
            return new(trial, steps is { } end ? recipe with { Steps = end, Stop = null } : recipe);
        }
        catch (Exception e) when (e is ConfigException or RecipeException)
        {
            throw new UsageException($"{trial.Label}: {e.Message}");
        }
    }
}
