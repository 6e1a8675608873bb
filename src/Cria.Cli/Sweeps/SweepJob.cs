using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Training.Recipes;

namespace Cria.Cli.Sweeps;

/// <summary>One run of a sweep: a trial with a seed, as far as it is to go.</summary>
/// <param name="Trial">Which point.</param>
/// <param name="Seed">Of weights and order of samples.</param>
/// <param name="Recipe">With the data prepared.</param>
/// <param name="Folder">The run's.</param>
/// <param name="Until">Where it stops to be looked at; null runs to the end of its recipe.</param>
/// <param name="IsComplete">Whether that is the end of the recipe that was asked for.</param>
/// <param name="FlopsPerStep">For what remains to be done.</param>
sealed record SweepJob(Trial Trial, ulong Seed, Recipe Recipe, string Folder, int? Until, bool IsComplete, double FlopsPerStep)
{
    public string Name => Path.GetFileName(Folder);

    /// <summary>0 where it ends at a time.</summary>
    public int Steps => Until ?? Recipe.Steps;

    /// <summary>Where its result is, once it is there.</summary>
    public string ResultPath => ResultFile.In(Until is { } step ? new RunFiles(Folder).Milestone(step) : Folder);

    public double Flops => FlopsPerStep * Steps;

    /// <summary>The recipe's file, which the run is started from.</summary>
    public string RecipeFilePath => Folder + ".yaml";
}
