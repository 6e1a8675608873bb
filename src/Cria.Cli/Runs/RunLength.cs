using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>How long a run is to be, in words.</summary>
static class RunLength
{
    public static string Of(Recipe recipe) => recipe.Stop switch
    {
        { Time: { } time } => $"{Human.Duration(time)}",
        { Tokens: { } tokens } => $"{tokens:N0} tokens",
        { Steps: { } steps } => $"{steps:N0} steps",
        _ => $"{recipe.Steps:N0} steps",
    };

    /// <summary>The same where a step is one of it.</summary>
    public static string Whole(Recipe recipe) => recipe.Stop is { Time: not null } or { Tokens: not null } ? $"a run of {Of(recipe)}" : Of(recipe);
}
