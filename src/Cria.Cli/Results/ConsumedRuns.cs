using Cria.Cli.Runs;
using Cria.Training.Recipes;

namespace Cria.Cli.Results;

/// <summary>The finished runs whose models a recipe takes in, and those that they took in: what a ledger must count.</summary>
static class ConsumedRuns
{
    public static IReadOnlyList<ConsumedRun> Of(Recipe recipe) =>
    [
        .. recipe.Loss.TeacherPaths.Select(RunOf).OfType<string>()
            .Select(run => ResultFile.Read(ResultFile.In(run)))
            .SelectMany(result => result.Consumed.Append(new(result.Name, result.RecipeHash, result.TrainingFlops, result.TrainingSeconds)))
            .DistinctBy(run => run.RecipeHash),
    ];

    // A run, its model, or one of its checkpoints; models from elsewhere do not say what they took.
    static string? RunOf(string checkpoint)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        string? above = Path.GetDirectoryName(path);
        string? run = Path.GetFileName(path) == RunFiles.ModelName
            ? above
            : Path.GetFileName(above) == RunFiles.CheckpointsName ? Path.GetDirectoryName(above) : path;
        return run is not null && ResultFile.Is(run) ? run : null;
    }
}
