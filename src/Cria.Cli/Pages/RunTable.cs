using Cria.Reports;

namespace Cria.Cli.Pages;

/// <summary>The figures of runs side by side: for a page's table and for programs.</summary>
static class RunTable
{
    public static IReadOnlyList<string> Headers { get; } =
        ["run", "parameters", "steps", "tokens", "time", "FLOPs", "loss", "bits per byte", "tokens/s", "of peak", ""];

    public static IReadOnlyList<string> Row(RecordedRun run) =>
    [
        run.Name,
        Human.Count(Parameters(run)),
        $"{run.StepsDone:N0}",
        Human.Count(run.Metrics.Tokens),
        Human.Duration(TimeSpan.FromSeconds(run.Metrics.Seconds)),
        Human.Count(Flops(run)),
        Human.Number(Loss(run), 4),
        Human.Number(run.Result?.Validation.BitsPerByte ?? double.NaN, 4),
        Human.Count(run.TokensPerSecond),
        Human.Percent(run.Session.ShareOfPeak(run.TokensPerSecond)),
        run.Result is null ? $"goes to {run.PlannedSteps:N0}" : "",
    ];

    /// <summary>On validation text: of the result, else the newest; not a number where there is none.</summary>
    public static double Loss(RecordedRun run) =>
        run.Result?.Validation.NatsPerToken ?? (run.Metrics.Validation is [.., var held] ? held.Y : double.NaN);

    /// <summary>The best first: by bits per byte where all have them, which tokenizers do not change.</summary>
    public static List<RecordedRun> Ranked(IReadOnlyList<RecordedRun> runs) => runs.All(run => run.Result is not null)
        ? [.. runs.OrderBy(run => Last(run.Result!.Validation.BitsPerByte))]
        : [.. runs.OrderBy(run => Last(Loss(run)))];

    public static object Json(IReadOnlyList<RecordedRun> runs, IReadOnlyList<string> written) => new
    {
        Written = written,
        Runs = runs.Select(run => new
        {
            run.Name,
            run.Folder,
            Finished = run.Result is not null,
            run.Recipe.Seed,
            Parameters = Finite(Parameters(run)),
            Steps = run.StepsDone,
            run.PlannedSteps,
            run.Metrics.Tokens,
            TrainingSeconds = run.Metrics.Seconds,
            TrainingFlops = Finite(Flops(run)),
            TokensPerSecond = Finite(run.TokensPerSecond),
            ShareOfPeak = Finite(run.Session.ShareOfPeak(run.TokensPerSecond)),
            run.Session.FlopsFormula,
            Loss = Finite(Loss(run)),
            BitsPerByte = run.Result is { } result ? Finite(result.Validation.BitsPerByte) : null,
            SkippedSteps = run.Metrics.Skipped,
            Events = run.Metrics.Events.Select(happened => new { happened.Step, Event = happened.Name, happened.Text }),
        }),
        Differences = RecipeDifferences.Of([.. runs.Select(run => run.Recipe)]).Select(setting => new { setting.Path, setting.Values }),
    };

    static double Parameters(RecordedRun run) =>
        run.Result?.Parameters ?? (run.Session.Parameters > 0 ? run.Session.Parameters : double.NaN);

    static double Flops(RecordedRun run) => run.FlopsPerToken * run.Metrics.Tokens;

    static double Last(double loss) => double.IsNaN(loss) ? double.PositiveInfinity : loss;

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
