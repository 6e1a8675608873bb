using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Models;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Sweeps;

/// <summary>Carries a sweep out: prepares the data once, runs what is not finished, drops points on the way, writes down what came
/// out.</summary>
/// <param name="plan">What.</param>
/// <param name="points">Its points, checked.</param>
/// <param name="folder">Where.</param>
/// <param name="width">Runs at once.</param>
/// <param name="threads">Of each.</param>
sealed class SweepExecution(
    SweepPlan plan, IReadOnlyList<SweepPoint> points, string folder, int width, int threads, CancellationToken cancellation)
{
    readonly JobPool _pool = new(width, threads);
    readonly Dictionary<string, SweepLine> _lines = [];

    /// <summary>Makes tokens of text, where that is to be done.</summary>
    public required SweepData Data { get; init; }

    /// <summary>Keep the checkpoints of runs that are done, which take several times the room of their models.</summary>
    public bool KeepsCheckpoints { get; init; }

    public IReadOnlyList<(SweepJob Job, string Sentence)> Failed => _pool.Failed;

    /// <returns>The points that went to the end, the best first, and the record as it was written.</returns>
    public (IReadOnlyList<Standing> Standings, SweepRecord Sweep) Run()
    {
        var rounds = Rounds();
        var alive = points.Select(Prepare).ToList();
        IReadOnlyList<Standing> standings = [];
        for (int round = 0; round < rounds.Count; round++)
        {
            bool isLast = round == rounds.Count - 1;
            standings = Compete(alive, rounds[round], isLast);
            if (isLast)
                break;
            var best = standings.Take(plan.Halving!.Survivors(alive.Count)).ToList();
            if (best.Count == 0)
                break;
            SweepDisplay.Tell($"after {rounds[round]:N0} steps {best.Count} of {alive.Count} points go on; the best: {best[0].Label} at {best[0].Loss:F4}");
            var dropped = alive.Where(trial => !best.Any(standing => Is(standing, trial.Trial))).ToList();
            dropped.SelectMany(trial => plan.Seeds.Select(seed => Job(trial, seed, rounds[round]))).ToList().ForEach(DropCheckpoints);
            alive = [.. alive.Except(dropped)];
        }
        return (standings, Write(standings));
    }

    /// <summary>What all rounds take if nothing is finished.</summary>
    public SweepCost Cost()
    {
        var rounds = Rounds();
        var alive = points.Select(Prepare).ToList();
        int seeds = plan.Seeds.Count, runs = 0, left = alive.Count, before = 0;
        if (plan.Halving is not { } halving)
        {
            var timed = alive.Where(trial => trial.Recipe.Steps == 0).ToList();
            return new(seeds * alive.Count, seeds * alive.Sum(trial => trial.FlopsPerStep * trial.Recipe.Steps),
                seeds * timed.Count, seeds * timed.Sum(trial => trial.Recipe.Stop!.Time!.Value.TotalSeconds));
        }
        double flops = 0, perStep = alive.Average(trial => trial.FlopsPerStep) * seeds;
        bool continues = alive.TrueForAll(trial => Halving.Continues(trial.Recipe));
        foreach (int steps in rounds)
        {
            flops += left * perStep * (continues ? steps - before : steps);
            runs += left * seeds;
            (left, before) = (halving.Survivors(left), steps);
        }
        return new(runs, flops, 0, 0);
    }

    // Known before anything is prepared.
    IReadOnlyList<int> Rounds()
    {
        int[] lengths = [.. points.Select(point => point.Recipe.Steps).Distinct()];
        if (plan.Halving is not { } halving)
            return [0]; // every recipe to its own end
        if (lengths.Contains(0))
            throw new UsageException("--halving needs a length in steps or tokens, and a recipe here ends at a time; give it steps.");
        if (lengths.Length > 1)
            throw new UsageException($"--halving compares runs of equal length, and these have {string.Join(", ", lengths)} steps; give them one.");
        var rounds = halving.Rounds(lengths[0]);
        bool continues = points.All(point => Halving.Continues(point.Recipe));
        SweepDisplay.Tell($"halving in rounds of {string.Join(", ", rounds)} steps; " + (continues
            ? "the learning rate does not fall before the last of them, so runs that go on continue from their checkpoints"
            : "the learning rate falls all the way, so runs that go on start again with the longer schedule: a run stopped early has not had its decay"));
        return rounds;
    }

    IReadOnlyList<Standing> Compete(List<PreparedTrial> alive, int steps, bool isLast)
    {
        List<SweepJob> jobs = [.. alive.SelectMany(trial => plan.Seeds.Select(seed => Job(trial, seed, steps)))];
        List<SweepJob> finished = [.. jobs.Where(IsFinished)], open = [.. jobs.Except(finished)];
        finished.ForEach(job => Add(job));
        if (finished.Count > 0)
            SweepDisplay.Tell($"{finished.Count} of {jobs.Count} runs are finished already");
        var display = new SweepDisplay(open.Sum(job => job.Flops));
        _pool.Run(open, job =>
        {
            display.Finished(job);
            var line = Add(job);
            SweepDisplay.Tell($"{job.Trial.Label} seed {job.Seed}: {line.Loss:F4} nats a token after {line.Steps:N0} steps, {Human.Duration(TimeSpan.FromSeconds(line.Seconds))}");
            if (job.Until is null)
                DropCheckpoints(job);
            Write(isLast ? Standings(jobs) : []);
        }, display, cancellation);
        return Standings(jobs);
    }

    List<Standing> Standings(IEnumerable<SweepJob> jobs) => [.. Standing.Of(
        jobs.Select(job => _lines.GetValueOrDefault(job.ResultPath)).OfType<SweepLine>(), plan.Seeds.Count, plan.Recipes.Count)];

    SweepLine Add(SweepJob job) => _lines[job.ResultPath] = SweepLine.Of(job);

    SweepRecord Write(IReadOnlyList<Standing> standings)
    {
        var record = new SweepRecord
        {
            Recipes = [.. plan.Recipes.Select(path => Path.GetFileName(path))],
            Axes = plan.Varied,
            Seeds = plan.Seeds,
            Random = plan.Random,
            Halving = plan.Halving,
            Best = standings is [var best, ..] && double.IsFinite(best.Loss)
                ? new(best.Recipe, best.Values, best.Loss, best.BitsPerByte, [.. best.Lines.Select(line => line.Run)],
                    best.OnTheEdge(plan.Varied))
                : null,
        };
        record.Write(folder, [.. _lines.Values.OrderBy(line => line.Run, StringComparer.Ordinal)]);
        if (standings.Count > 0 && record.Best is not null)
            WriteBest(standings[0]);
        return record;
    }

    void WriteBest(Standing best)
    {
        var trial = points.Select(point => point.Trial).First(trial => Is(best, trial));
        WholeFile.Write(Path.Combine(folder, "best.yaml"), RecipeFile.Text(RecipeFile.Read(trial.RecipePath, trial.Overrides), folder));
    }

    static bool Is(Standing standing, Trial trial) => standing.Recipe == Path.GetFileName(trial.RecipePath)
        && trial.Values.All(value => standing.Values.TryGetValue(value.Path, out string? found) && found == value.Value);

    PreparedTrial Prepare(SweepPoint point)
    {
        using var teachers = new Teachers(point.Recipe); // whose tokens the data are cut into
        var shared = Data.Of(teachers.Recipe);
        var prepared = shared.For(teachers.Recipe);
        var model = prepared.Model.VocabSize > 0 ? prepared.Model : prepared.Model with { VocabSize = shared.Corpus.Tokenizer.VocabSize };
        double perToken = model.FlopsPerToken(prepared.Data.SequenceLength);
        return new(point.Trial, prepared, shared.Hash, teachers.Hash(), perToken * BatchSplit.TokensPerStep(prepared));
    }

    SweepJob Job(PreparedTrial trial, ulong seed, int steps)
    {
        var recipe = trial.Recipe with { Seed = seed };
        bool isShort = steps > 0 && steps < recipe.Steps, continues = Halving.Continues(recipe);
        if (isShort && !continues)
            recipe = Halving.Shortened(recipe, steps);
        string end = $",seed={seed}-{ResumeHash.Of(recipe, trial.DataHash, trial.TeachersHash)[..8]}";
        return new(trial.Trial, seed, recipe, RunPath(trial.Trial, end), isShort && continues ? steps : null,
            !isShort, trial.FlopsPerStep);
    }

    // A sweep that is widened tells its points apart by more than before; what is trained keeps its name.
    string RunPath(Trial trial, string end)
    {
        string runs = Path.GetFullPath(Path.Combine(folder, "runs"));
        string named = Path.Combine(runs, FileName(trial.Label) + end);
        return Directory.Exists(named) || !Directory.Exists(runs)
            ? named
            : Directory.EnumerateDirectories(runs).FirstOrDefault(run => run.EndsWith(end, StringComparison.Ordinal)) ?? named;
    }

    // A result that is there but cannot be read is said, and not quietly made again.
    static bool IsFinished(SweepJob job)
    {
        if (!File.Exists(job.ResultPath))
            return false;
        var result = ResultFile.Read(job.ResultPath);
        return result.Seed == job.Seed
            ? true
            : throw new TrainingException($"{job.ResultPath} is of seed {result.Seed} where seed {job.Seed} is expected; put it back, or sweep in another folder.");
    }

    // Of a run that does not go on.
    void DropCheckpoints(SweepJob job)
    {
        string checkpoints = new RunFiles(job.Folder).Checkpoints;
        if (!KeepsCheckpoints && Directory.Exists(checkpoints))
            Directory.Delete(checkpoints, recursive: true);
    }

    static string FileName(string label)
    {
        const int longest = 80;
        string name = string.Concat(label.Replace(", ", ",", StringComparison.Ordinal).Select(c => char.IsAsciiLetterOrDigit(c) || c is '=' or ',' or '.' or '-' or '_' ? c : '_'));
        return name.Length > longest ? name[..longest] : name;
    }

    sealed record PreparedTrial(Trial Trial, Recipe Recipe, string DataHash, string TeachersHash, double FlopsPerStep);
}
