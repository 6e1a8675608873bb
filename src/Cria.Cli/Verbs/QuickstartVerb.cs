using System.CommandLine;
using Cria.Cli.Budgets;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Verbs;

/// <summary><c>cria quickstart</c>: the whole way with nothing but this program, or with a person's own text.</summary>
static class QuickstartVerb
{
    const string Builtin = "quickstart.yaml";

    static readonly Option<string[]> Text = new("--text")
    {
        HelpName = "FILE",
        Description = "Train on your own text (.txt, .jsonl, .csv, .parquet, …) instead of generated stories.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<double> Minutes = Numbers.Real("--minutes", "M",
        "With --text everything is planned to take so long; else it scales the number of steps, which take about 3 minutes on two cores.", DefaultMinutes, 0.01, 100_000);

    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "The run's folder; runs/quickstart (or -2, -3, …) if not given." };

    static readonly Option<bool> Resume = new("--resume") { Description = "Continue a quickstart that was stopped, with the same options." };

    const double DefaultMinutes = 3;

    public static Command Create() => new Verb(
        "quickstart",
        "Text, tokenizer, training, evaluation, samples and a report, in one go.",
        "cria quickstart --text my-book.txt --minutes 10")
    {
        Text, ReadingOptions.TextColumn, ReadingOptions.Separator, Minutes, Out, Resume, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] files = parsed.GetValue(Text) ?? [];
        double minutes = parsed.GetValue(Minutes);
        var options = new RunOptions
        {
            Resume = parsed.GetValue(Resume),
            Threads = parsed.ThreadCount(),
            Json = parsed.GetValue(GlobalOptions.Json),
        };
        string folder = parsed.GetValue(Out) ?? (options.Resume ? First : Unused());
        if (files.Length > 0)
            return new TimedRun(TextTemplate.Of("quickstart", files, parsed), folder, minutes, options, cancellation).Run();
        var recipe = BuiltinRecipes.Read(Builtin);
        recipe = recipe with
        {
            Steps = Math.Max(20, (int)Math.Round(recipe.Steps * minutes / DefaultMinutes)),
            Seed = parsed.GetValue(GlobalOptions.Seed) ?? recipe.Seed,
        };
        recipe = recipe with { Schedule = recipe.Schedule with { WarmupSteps = Math.Min(recipe.Schedule.WarmupSteps, recipe.Steps / 4) } };
        return RunExecution.Run(recipe, folder, options, cancellation);
    }

    static string First => Path.Combine("runs", "quickstart");

    static string Unused()
    {
        string folder = First;
        for (int i = 2; Directory.Exists(folder); i++)
            folder = $"{First}-{i}";
        return folder;
    }
}
