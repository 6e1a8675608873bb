using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Verbs;

/// <summary><c>cria train</c>: a recipe, from text to model and report.</summary>
static class TrainVerb
{
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A recipe file (YAML)." };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "The run's folder; runs/NAME if not given." };
    static readonly Option<bool> Resume = new("--resume") { Description = "Continue the run in the folder, or start it where nothing is there." };

    public static Command Create() => new Verb(
        "train",
        "Train a model as a recipe says.",
        "cria train recipes/quickstart.yaml --set steps=2000 --out runs/longer")
    {
        RecipePath, Set, Out, Resume, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set);
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", recipe.Name);
        return RunExecution.Run(recipe, folder, parsed.GetValue(Resume), parsed.ThreadCount(),
            parsed.GetValue(GlobalOptions.Json), cancellation);
    }
}
