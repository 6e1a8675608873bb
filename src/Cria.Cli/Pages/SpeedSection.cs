using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;
using Cria.Training.Observation;

namespace Cria.Cli.Pages;

/// <summary>How fast the run was, by tokens and by the machine's peak, and where its time went.</summary>
static class SpeedSection
{
    public static void Add(ReportSection section, RecordedRun run)
    {
        section.Chart(new LineChart("Tokens a second", new("step"), new("tokens a second") { Minimum = 0 })
        {
            Series = [new("tokens a second", run.Metrics.Points(step => step.TokensPerSecond)) { Smoothing = 0.02 }],
            IsLow = true,
        });
        if (run.Metrics.Sessions.Any(session => double.IsFinite(session.ShareOfPeak(1))))
            section.Chart(new LineChart("Share of the peak", new("step"), new("model FLOP utilisation") { Format = AxisFormat.Percent, Minimum = 0 })
            {
                Series = [new("share of the peak", run.Metrics.Points(step => SessionAt(run.Metrics, step.Step).ShareOfPeak(step.TokensPerSecond))) { Smoothing = 0.02 }],
                IsLow = true,
            });
        section.Note(SessionText.Formula(run.Session));
        var phases = run.Metrics.Phases;
        if (!phases.Exist)
            return;
        section.Chart(new ShareBar("Where the time went", [.. PhaseSeconds.Names.Zip(phases.Seconds, (name, seconds) => new Milestone(name, seconds))]) { Unit = "s" });
    }

    // A run may have gone on upon another machine, with a peak of its own.
    static SessionFacts SessionAt(MetricsFile metrics, int step)
    {
        for (int i = metrics.Sessions.Count - 1; i >= 0; i--)
            if (metrics.Sessions[i].Step < step)
                return metrics.Sessions[i];
        return metrics.Session;
    }
}
