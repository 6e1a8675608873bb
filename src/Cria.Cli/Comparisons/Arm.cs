using Cria.Cli.Results;

namespace Cria.Cli.Comparisons;

/// <summary>One side of a comparison: the runs of one recipe with several seeds.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Runs">One a seed, in the order of the seeds.</param>
sealed record Arm(string Name, IReadOnlyList<ArmRun> Runs)
{
    /// <summary>What was spent to find this arm's values, beside its own runs.</summary>
    public Cost Search { get; init; } = new(0, 0, 0);

    /// <summary>Where a search was: the paths whose best value lies on the edge of it; null where there was none.</summary>
    public IReadOnlyList<string>? OnTheEdge { get; init; }

    public FinishedRun First => Runs[0].Result;

    public IEnumerable<ulong> Seeds => Runs.Select(run => run.Result.Seed);

    public FinishedRun With(ulong seed) => Runs.First(run => run.Result.Seed == seed).Result;

    /// <summary>The runs that are compared.</summary>
    public Cost Own => Cost.Of(Runs.Select(run => run.Result));

    /// <summary>Runs whose models went into these: teachers, starting points; each once, however many took it.</summary>
    public Cost Consumed => Runs.SelectMany(run => run.Result.Consumed).DistinctBy(run => run.RecipeHash)
        .Aggregate(new Cost(0, 0, 0), (sum, run) => sum + new Cost(1, run.Flops, run.Seconds));

    public Cost Total => Own + Search + Consumed;
}

sealed record ArmRun(string Folder, FinishedRun Result);

/// <summary>What runs took.</summary>
sealed record Cost(int Runs, double Flops, double Seconds)
{
    public static Cost Of(IEnumerable<FinishedRun> runs) =>
        runs.Aggregate(new Cost(0, 0, 0), (sum, run) => sum + new Cost(1, run.TrainingFlops, run.TrainingSeconds));

    public static Cost operator +(Cost left, Cost right) =>
        new(left.Runs + right.Runs, left.Flops + right.Flops, left.Seconds + right.Seconds);
}
