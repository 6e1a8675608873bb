using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Cli.Sweeps;
using Cria.Training;

namespace Cria.Cli.Verbs;

/// <summary><c>cria sweep</c>: the same recipe many times with other values, and which of them is best.</summary>
static class SweepVerb
{
    static readonly Argument<string[]> RecipePaths = new("RECIPE") { Description = "Recipe files (YAML).", Arity = ArgumentArity.OneOrMore };

    static readonly Option<string[]> Over = new("--over")
    {
        HelpName = "PATH=VALUES",
        Description = "What to vary: optimizer.learning_rate=1e-4,3e-4,1e-3; with --random also a range, 0.1..1 or log:1e-4..1e-2. Repeat it for a grid.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<int> Random = Numbers.Count("--random", "N", "Draw N points instead of taking the whole grid; --seed says where drawing starts.", 1, example: 20);

    static readonly Option<string?> Halve = new("--halving")
    {
        HelpName = "ETA,STEPS",
        Description = "Train all points about STEPS steps, the best 1 in ETA of them ETA times as far, and so on to the recipe's end.",
    };

    static readonly Option<string?> Seeds = new("--seeds") { HelpName = "S,S,…", Description = "Seeds of every point, such as 1,2,3; the recipe's own if not given." };

    static readonly Option<int> Jobs = Numbers.Count("--jobs", "N", "Runs side by side, each on as many threads as are left to it.", 1, without: 1, example: 2);

    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "The sweep's folder; sweeps/NAME if not given." };

    static readonly Option<string[]> Set = RecipeOptions.Set();

    static readonly Option<string?> Data = new("--data")
    {
        HelpName = "DIR",
        Description = "Where the prepared text is kept; DIR/data of --out if not given. Sweeps that name the same folder share it.",
    };

    static readonly Option<bool> Resume = new("--resume") { Description = "Go on with a sweep, or add points and seeds to it; what is finished is not run again." };

    static readonly Option<bool> KeepCheckpoints = new("--keep-checkpoints") { Description = "Keep the checkpoints of finished runs; their models are kept anyway." };

    static readonly Option<bool> DryRun = new("--dry-run") { Description = "Prepare the data, say how many runs there will be and what they cost, and stop." };

    public static Command Create() => new Verb(
        "sweep",
        "Train a recipe with other values and other seeds, side by side, and find the best.",
        "cria sweep recipes/smoke.yaml --over optimizer.learning_rate=3e-3,1e-2,3e-2 --seeds 1,2 --jobs 2")
    {
        RecipePaths, Over, Set, Random, Halve, Seeds, Jobs, Out, Data, Resume, KeepCheckpoints, DryRun, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] recipes = parsed.GetRequiredValue(RecipePaths);
        if (recipes.GroupBy(Path.GetFileNameWithoutExtension).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"{string.Join(" and ", twice)} have the same name, and results are told apart by it; {(twice.Distinct().Count() == 1 ? "name it once" : "rename one")}.");
        string folder = parsed.GetValue(Out) ?? Path.Combine("sweeps", Path.GetFileNameWithoutExtension(recipes[0]));
        bool resume = parsed.GetValue(Resume), json = parsed.GetValue(GlobalOptions.Json);
        if (File.Exists(folder))
            throw new TrainingException($"{folder} is a file; --out names a folder.");
        if (!resume && SweepRecord.Is(folder))
            throw new TrainingException($"{folder} holds a sweep already; go on with it by --resume, or choose another folder with --out.");
        int jobs = parsed.GetValue(Jobs);
        int threads = parsed.GetValue(GlobalOptions.Threads) is > 0 and int asked ? asked : Math.Max(1, Environment.ProcessorCount / jobs);
        var axes = (parsed.GetValue(Over) ?? []).Select(SweepAxis.Parse);
        SweepPlan plan = new(recipes, [.. axes], parsed.GetValue(Random), SeedsOf(parsed, recipes[0]),
            parsed.GetValue(Halve) is { } halving ? Halving.Parse(halving) : null, parsed.GetValue(GlobalOptions.Seed) ?? 1)
        {
            Common = parsed.GetValue(Set) ?? [],
        };
        var points = SweepPoint.Of(plan);
        Directory.CreateDirectory(folder);
        using var held = RunFolder.Lock(folder);
        string data = parsed.GetValue(Data) ?? Path.Combine(folder, "data");
        var execution = new SweepExecution(plan, points, folder, jobs, threads, cancellation)
        {
            Data = new(data, jobs * threads, SweepDisplay.Tell, cancellation),
            KeepsCheckpoints = parsed.GetValue(KeepCheckpoints),
        };
        if (parsed.GetValue(DryRun))
            return Tell(execution.Cost(), jobs, json);
        var (standings, sweep) = execution.Run();
        var table = new SweepTable(standings, sweep);
        new SweepReport(table, folder).Save(Path.Combine(folder, "sweep.html"));
        if (json)
            Output.Json(table.Json(folder, execution.Failed));
        else
            Output.Line(table.Text(folder));
        if (sweep.Best is null)
            Output.Error("no point was trained to its end.");
        return execution.Failed.Count > 0 || sweep.Best is null ? 1 : 0;
    }

    static int Tell(SweepCost cost, int jobs, bool json)
    {
        if (json)
            Output.Json(cost.Json());
        else
            Output.Line(cost.Text(jobs));
        return 0;
    }

    static IReadOnlyList<ulong> SeedsOf(ParseResult parsed, string recipe)
    {
        if (parsed.GetValue(Seeds) is not { } text)
            return [Recipes.RecipeFile.Read(recipe, []).Seed];
        string[] parts = text.Split(',');
        ulong[] seeds = [.. parts.Select(part => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new UsageException($"--seeds got '{text}'; expected whole numbers between commas, such as 1,2,3."))];
        return seeds.Distinct().Count() == seeds.Length
            ? seeds
            : throw new UsageException($"--seeds got '{text}', in which a seed stands twice; it would be the same run.");
    }
}
