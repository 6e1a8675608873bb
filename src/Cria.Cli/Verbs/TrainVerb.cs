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

    static readonly Option<bool> Brief = new("--brief")
    {
        Description = "Train and measure the loss, and nothing beside: no trigram, no grammar, no samples, no page.",
    };

    static readonly Option<int> Until = Numbers.Count("--until", "STEP",
        "Save and stop after this step of the planned ones, with the loss measured there; --resume goes on.", 1);

    public static Command Create() => new Verb(
        "train",
        "Train a model as a recipe says.",
        "cria train recipes/quickstart.yaml --set steps=2000 --out runs/longer")
    {
        RecipePath, Set, Out, Resume, Brief, Until, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set);
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", recipe.Name);
        int until = parsed.GetValue(Until);
        return RunExecution.Run(recipe, folder, new()
        {
            Resume = parsed.GetValue(Resume),
            Threads = parsed.ThreadCount(),
            Json = parsed.GetValue(GlobalOptions.Json),
            Brief = parsed.GetValue(Brief),
            Until = until > 0 && (recipe.Steps == 0 || until < recipe.Steps) ? until : null,
        }, cancellation);
    }
}
