using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>How long a run is to be, in words.</summary>
static class RunLength
{
    public static string Of(Recipe recipe) => recipe.Stop switch
    {
        { Time: { } time } => $"{Human.Duration(time)} of steps",
        { Tokens: { } tokens } => $"{tokens:N0} tokens in steps",
        { Steps: { } steps } => $"{steps:N0} steps",
        _ => $"{recipe.Steps:N0} steps",
    };
}
