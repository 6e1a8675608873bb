using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Cli.Pages;

/// <summary>A run as its folder tells it, finished or not: recipe.yaml, metrics.jsonl, and result.json if it is there.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Name">The folder's own name, of several runs what tells them apart; a recipe's name is that of all runs of a sweep.</param>
sealed record RecordedRun(string Folder, string Name, Recipe Recipe, MetricsFile Metrics, FinishedRun? Result)
{
    public SessionFacts Session => Metrics.Session;

    public int StepsDone => Metrics.Steps is [.., var last] ? last.Step : 0;

    /// <summary>The last step, as planned: by the newest plan of a time budget, else by the session or the recipe.</summary>
    public int PlannedSteps => Metrics.Events.LastOrDefault(happened => happened.Name == "replanned") is { } plan && plan.Figure("planned_steps") > 0
        ? (int)plan.Figure("planned_steps")
        : Session.PlannedSteps > 0 ? Session.PlannedSteps : Recipe.Steps;

    /// <summary>Tokens a second over all steps.</summary>
    public double TokensPerSecond => Metrics.Seconds > 0 ? Metrics.Tokens / Metrics.Seconds : double.NaN;

    /// <summary>FLOPs of a token, by the result, the session, or not known.</summary>
    public double FlopsPerToken => Result?.FlopsPerToken ?? (Session.FlopsPerToken > 0 ? Session.FlopsPerToken : double.NaN);

    /// <summary>Whether a folder holds a run.</summary>
    public static bool Is(string folder) => File.Exists(new RunFiles(folder).Recipe) && File.Exists(new RunFiles(folder).Metrics);

    /// <exception cref="UsageException">There is no run.</exception>
    public static RecordedRun Open(string folder)
    {
        if (File.Exists(folder))
            throw new UsageException($"{folder} is a file; expected a run's folder, such as runs/quickstart.");
        if (!Directory.Exists(folder))
            throw new UsageException($"{folder} does not exist; expected a run's folder, such as runs/quickstart.");
        foreach (string name in (string[])[RunFiles.RecipeName, RunFiles.MetricsName])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new UsageException($"{folder} is no run: it has no {name}, which cria train writes.");
        if (RecipeFile.Look(new RunFiles(folder).Recipe) is not Recipe recipe)
            throw new UsageException($"{folder} holds a corpus, and no run; cria inspect says what is in it.");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var metrics = MetricsFile.Read(new RunFiles(folder).Metrics);
        return new(full, Path.GetFileName(full), recipe, metrics,
            ResultFile.Is(folder) ? ResultFile.Read(ResultFile.In(folder)) : null);
    }

    /// <summary>The runs of some folders, each a run or a folder of runs such as a sweep's, by their names in order.</summary>
    /// <exception cref="UsageException">In one of them there is no run, or a run is named twice.</exception>
    public static List<RecordedRun> OpenAll(IReadOnlyList<string> folders)
    {
        List<RecordedRun> runs = [];
        foreach (string folder in folders)
        {
            if (Is(folder) || !Directory.Exists(folder))
            {
                runs.Add(Open(folder));
                continue;
            }
            string[] inside = [.. Below(folder).Order(StringComparer.Ordinal)];
            if (inside.Length == 0)
                throw new UsageException($"{folder} is no run, and none is in it: a run has a {RunFiles.RecipeName} and a {RunFiles.MetricsName}.");
            runs.AddRange(inside.Select(Open));
        }
        if (runs.GroupBy(run => run.Folder).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"{twice.Key} is named twice, by itself or by a folder that it lies in; a page shows each run once, so name it once.");
        var names = RunNames.Of([.. runs.Select(run => run.Folder)]);
        return [.. runs.Select((run, i) => run with { Name = names[i] })];
    }

    // Sweeps keep their runs in a folder of their own, one or two levels down.
    static IEnumerable<string> Below(string folder, int levels = 2)
    {
        foreach (string inner in Directory.GetDirectories(folder))
            if (Is(inner))
                yield return inner;
            else if (levels > 1)
                foreach (string run in Below(inner, levels - 1))
                    yield return run;
    }
}
