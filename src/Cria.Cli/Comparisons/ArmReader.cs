using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Cli.Sweeps;
using Cria.Training;

namespace Cria.Cli.Comparisons;

/// <summary>
/// From paths to arms. A sweep is its best point; a folder of runs that differ in their seeds is one arm; runs that are named one by one
/// are put together where they differ in nothing but the seed.
/// </summary>
static class ArmReader
{
    /// <param name="paths">Runs, sweeps, folders of runs.</param>
    /// <param name="everyPoint">Take every point of a sweep as an arm, not its best alone.</param>
    /// <exception cref="TrainingException">One is none of them, or holds a seed twice.</exception>
    public static IReadOnlyList<Arm> Read(IReadOnlyList<string> paths, bool everyPoint)
    {
        var folders = paths.GroupBy(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (folders.FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"{twice.First()} is named twice, and nothing is learned from comparing it with itself; name it once.");
        var arms = new List<Arm>();
        var single = new List<ArmRun>();
        foreach (string path in paths)
        {
            if (SweepRecord.Is(path))
                arms.AddRange(OfSweep(path, everyPoint, isOnly: paths.Count == 1));
            else if (ResultFile.Is(path))
                single.Add(Run(path));
            else
                arms.AddRange(Grouped(RunsIn(path), path));
        }
        arms.AddRange(Grouped(single, null));
        return Distinct(arms);
    }

    static IEnumerable<Arm> OfSweep(string folder, bool everyPoint, bool isOnly)
    {
        var (sweep, lines) = SweepRecord.Read(folder);
        var standings = Standing.Of(lines.Where(line => line.IsComplete), sweep.Seeds.Count, sweep.Recipes.Count);
        if (sweep.Best is not { } best || standings.Count == 0)
            throw new TrainingException($"{folder} is a sweep in which no point was trained to its end; go on with it by `cria sweep --resume`.");
        string name = NameOf(folder);
        foreach (var standing in everyPoint ? standings : [.. standings.Take(1)])
        {
            List<ArmRun> runs = [.. standing.Lines.Select(line => Run(Path.Combine(folder, "runs", line.Run)))];
            yield return new(everyPoint && standings.Count > 1 ? isOnly ? standing.Label : $"{name}: {standing.Label}" : name, runs)
            {
                Search = everyPoint ? new(0, 0, 0) : Search(lines, standing),
                OnTheEdge = everyPoint || sweep.Axes.Count == 0 ? null : best.OnTheEdge,
            };
        }
    }

    // A run that was looked at on its way counts once, with the longest way it went.
    static Cost Search(IReadOnlyList<SweepLine> lines, Standing best) => lines
        .Where(line => best.Lines.All(own => own.Run != line.Run))
        .GroupBy(line => line.Run)
        .Select(group => group.MaxBy(line => line.Steps)!)
        .Aggregate(new Cost(0, 0, 0), (sum, line) => sum + new Cost(1, line.Flops, line.Seconds));

    static List<ArmRun> RunsIn(string path)
    {
        if (!Directory.Exists(path))
            throw new TrainingException($"{path} does not exist; name runs, sweeps or folders of runs.");
        List<ArmRun> runs = [.. Directory.GetDirectories(path).Where(ResultFile.Is).Order(StringComparer.Ordinal).Select(Run)];
        return runs.Count > 0 ? runs : throw new TrainingException(File.Exists(new RunFiles(path).Recipe)
            ? $"{path} is a run that is not finished; continue it with `cria train --resume`."
            : $"{path} holds no finished run, which has a {ResultFile.Name}; name runs, sweeps or folders of runs.");
    }

    static ArmRun Run(string folder) => new(folder, ResultFile.Read(ResultFile.In(folder)));

    static IEnumerable<Arm> Grouped(List<ArmRun> runs, string? folder)
    {
        var groups = runs.GroupBy(WithoutSeed).ToList();
        foreach (var group in groups)
        {
            List<ArmRun> own = [.. group.OrderBy(run => run.Result.Seed)];
            if (own.GroupBy(run => run.Result.Seed).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new TrainingException($"{twice.First().Folder} and {twice.Last().Folder} are the same recipe with the same seed, {twice.Key}; " +
                    "put the runs of each arm into a folder of its own, and name the folders.");
            yield return new(folder is not null && groups.Count == 1 ? NameOf(folder) : own[0].Result.Name, own);
        }
    }

    static string WithoutSeed(ArmRun run) =>
        ResumeHash.Of(RecipeFile.Read(new RunFiles(run.Folder).Recipe, []) with { Seed = 0 }, run.Result.Validation.Hash, "");

    // Two arms of one name are told apart by where they lie.
    static List<Arm> Distinct(List<Arm> arms) =>
        [.. arms.Select(arm => arms.Count(other => other.Name == arm.Name) == 1 ? arm : arm with { Name = NameOf(arm.Runs[0].Folder) })];

    static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
