using System.CommandLine;
using Cria.Cli.Budgets;
using Cria.Cli.Frame;
using Cria.Cli.Runs;

namespace Cria.Cli.Verbs;

/// <summary><c>cria train</c>: a recipe, from text to model and report.</summary>
static class TrainVerb
{
    static readonly Argument<string?> RecipePath = new("RECIPE")
    {
        Description = "A recipe file (YAML); none with --text, or where --resume goes on in a planned run's folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string[]> Text = new("--text")
    {
        HelpName = "FILE",
        Description = "Text to learn from (.txt, .jsonl, .csv, .parquet, …) in place of a recipe: everything else is planned for --minutes.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<double> Minutes = Numbers.Real("--minutes", "M",
        "With --text: how long everything together may take.", 10, 0.05, 100_000);

    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "The run's folder; runs/NAME if not given." };
    static readonly Option<bool> Resume = new("--resume") { Description = "Continue the run in the folder, or start it where nothing is there." };

    static readonly Option<bool> Brief = new("--brief")
    {
        Description = "Train and measure the loss, and nothing beside: no trigram, no grammar, no samples, no page.",
    };

    static readonly Option<int> Until = Numbers.Count("--until", "STEP",
        "Save and stop after this step of the planned ones, with the loss measured there; --resume goes on.", 1);

    static readonly Option<bool> StopsWithInput = StopWithInput.Option();

    public static Command Create() => new Verb(
        "train",
        "Train a model as a recipe says, or text for so many minutes.",
        "cria train recipes/quickstart.yaml --set steps=2000 --out runs/longer")
    {
        RecipePath, Set, Text, ReadingOptions.TextColumn, ReadingOptions.Separator, Minutes, Out, Resume, Brief, Until, StopsWithInput,
        GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int until = parsed.GetValue(Until);
        var options = new RunOptions
        {
            Resume = parsed.GetValue(Resume),
            Threads = parsed.ThreadCount(),
            Json = parsed.GetValue(GlobalOptions.Json),
            Brief = parsed.GetValue(Brief),
        };
        using var stop = StopWithInput.Watch(parsed.GetValue(StopsWithInput), cancellation);
        if (parsed.GetValue(RecipePath) is not { } path)
            return RunPlanned(parsed, options with { Until = until > 0 ? until : null }, stop.Token);
        if (parsed.GetValue(Text) is { Length: > 0 })
            throw new UsageException($"{path} is a recipe, and --text asks for one to be planned; leave one of them out.");
        Option[] ofText = [Minutes, ReadingOptions.TextColumn, ReadingOptions.Separator];
        if (ofText.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
            throw new UsageException(
                $"{idle.Name} goes with --text, and {path} is a recipe, which says that itself; leave it out, or change the recipe with --set.");
        var recipe = RecipeOptions.Read(parsed, path, Set);
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", recipe.Name);
        bool stopsEarly = until > 0 && (recipe.Steps == 0 || until < recipe.Steps);
        return RunExecution.Run(recipe, folder, options with { Until = stopsEarly ? until : null }, stop.Token);
    }

    static int RunPlanned(ParseResult parsed, RunOptions options, CancellationToken cancellation)
    {
        string[] files = parsed.GetValue(Text) ?? [];
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", "text");
        bool goesOn = options.Resume && File.Exists(TimedRun.PlannedIn(folder));
        if (files.Length == 0 && !goesOn)
            throw new UsageException("train needs a RECIPE, or --text FILE with --minutes M.");
        if (parsed.GetValue(Set) is { Length: > 0 })
            throw new UsageException("--set changes a recipe, and with --text there is none; `cria budget --text FILE --out RECIPE.yaml` makes one to change.");
        var template = TextTemplate.Of("text", files, parsed);
        return new TimedRun(template, folder, parsed.GetValue(Minutes), options, cancellation).Run();
    }
}
