using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Reports;

namespace Cria.Cli.Sweeps;

/// <summary>How far a sweep is, in a line that is drawn over itself on a terminal; elsewhere in a line now and then.</summary>
/// <param name="flops">Of all that remained to be done at the beginning, as far as it is known.</param>
sealed class SweepDisplay(double flops)
{
    const double LineSeconds = 30, TerminalSeconds = 0.5;

    readonly long _began = Stopwatch.GetTimestamp();
    readonly Dictionary<string, int> _firstSteps = [];
    double _shown, _finishedFlops;

    public void Finished(SweepJob job)
    {
        _finishedFlops += job.FlopsPerStep * (job.Steps - _firstSteps.GetValueOrDefault(job.Folder));
        _firstSteps.Remove(job.Folder);
    }

    public void Show(IReadOnlyList<JobProcess> running)
    {
        double now = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        if (now - _shown < (Output.HasTerminal ? TerminalSeconds : LineSeconds) || running.Count == 0)
            return;
        _shown = now;
        double done = _finishedFlops;
        var parts = new List<string>();
        foreach (var process in running)
        {
            int step = process.Step();
            if (!_firstSteps.TryGetValue(process.Job.Folder, out int first))
                _firstSteps[process.Job.Folder] = first = step;
            done += process.Job.FlopsPerStep * Math.Max(0, step - first);
            parts.Add($"{process.Job.Trial.Label} seed {process.Job.Seed}: {step:N0}/{process.Job.Steps:N0}");
        }
        string left = done > 0 && flops > done
            ? $"; {Human.Duration(TimeSpan.FromSeconds((flops - done) / done * now))} left"
            : "";
        string line = $"{Human.Percent(flops > 0 ? Math.Min(1, done / flops) : 0)}  {string.Join("  ·  ", parts)}{left}";
        if (Output.HasTerminal)
            Console.Error.Write($"\r{Fitting(line)}\e[K");
        else
            Output.Log(line);
    }

    /// <summary>A line that stays.</summary>
    public static void Tell(string line)
    {
        if (Output.HasTerminal)
            Console.Error.Write("\r\e[K");
        Output.Log(line);
    }

    static string Fitting(string line)
    {
        int width = Console.BufferWidth - 1;
        return width > 10 && line.Length > width ? line[..(width - 1)] + "…" : line;
    }
}
