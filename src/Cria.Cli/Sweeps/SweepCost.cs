using System.Globalization;
using Cria.Reports;

namespace Cria.Cli.Sweeps;

/// <summary>What a sweep takes if nothing of it is finished: FLOPs of runs that end at a step, seconds of those that end at a
/// time.</summary>
/// <param name="Runs">All of them, those that go on in a later round once for each.</param>
/// <param name="Flops">Of the runs that end at a step.</param>
/// <param name="TimedRuns">Runs that end at a time: how many FLOPs they make is the machine's.</param>
/// <param name="Seconds">Of these, one after the other.</param>
sealed record SweepCost(int Runs, double Flops, int TimedRuns, double Seconds)
{
    const double Rate = 1e11;

    /// <param name="jobs">Runs side by side.</param>
    public string Text(int jobs)
    {
        List<string> parts = [];
        if (TimedRuns < Runs)
            parts.Add($"{Flops.ToString("0.00e0", CultureInfo.InvariantCulture)} FLOPs in all: {Human.Duration(TimeSpan.FromSeconds(Flops / Rate))} " +
                "for every 100 GFLOP/s that the machine reaches with its jobs together");
        if (TimedRuns > 0)
            parts.Add($"{(TimedRuns < Runs ? $"{TimedRuns:N0} of them end" : "which end")} at a time: {Human.Duration(TimeSpan.FromSeconds(Seconds))} one after the other, " +
                $"{Human.Duration(TimeSpan.FromSeconds(Seconds / Math.Min(jobs, TimedRuns)))} with --jobs {jobs}; how many FLOPs that is depends on the machine");
        return $"{Runs:N0} runs, {string.Join("; ", parts)}";
    }

    public object Json() => new { Runs, Flops, TimedRuns, Seconds };
}
