using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;
using Cria.Training.Observation;

namespace Cria.Cli.Pages;

/// <summary>The curves of the training itself, with what happened marked on them.</summary>
static class LearningSection
{
    const int MostBins = 120, MostEvents = 40;

    // What belongs to every run is no news on its curves.
    static readonly string[] Quiet = ["saved", "replanned"];

    public static void Add(ReportSection section, RecordedRun run)
    {
        var metrics = run.Metrics;
        var marks = Marks(metrics);
        section.Chart(Curve(run));
        if (metrics.HasTeachers)
            section.Chart(Parts(metrics));
        section.Chart(new LineChart("Learning rate", new("step"), new("learning rate")) { Series = [new("learning rate", metrics.LearningRate)], IsLow = true });
        section.Chart(new LineChart("Gradient norm", new("step"), new("norm", "before clipping") { Kind = AxisKind.Logarithmic })
        {
            Series = [new("gradient norm", metrics.Points(step => step.GradientNorm)) { Smoothing = 0.02 }],
            References = run.Recipe.Optimizer.MaxGradientNorm > 0 ? [new(run.Recipe.Optimizer.MaxGradientNorm, "clipped above")] : [],
            Marks = marks,
            IsLow = true,
        });
        if (ClipRate(metrics) is { Count: > 1 } clipped)
            section.Chart(new LineChart("Clip rate", new("step"), new("share of steps") { Format = AxisFormat.Percent, Minimum = 0, Maximum = 1 })
            {
                Series = [new("clipped", clipped)],
                IsLow = true,
                Description = "The share of steps whose gradient was clipped, over stretches of the run.",
            });
        if (metrics.Skipped > 0)
            section.Note($"{metrics.Skipped:N0} steps had a gradient that was not finite and were skipped.");
        Events(section, metrics);
    }

    public static LineChart Curve(RecordedRun run) => new("Loss", new("step"), new("loss", "nats a token") { Kind = AxisKind.Logarithmic })
    {
        Series =
        [
            new("training", run.Metrics.Loss) { Smoothing = 0.02 },
            new("validation", run.Metrics.Validation),
            .. run.Metrics.HasTeachers
                ? [new Series("validation of what training makes small", run.Metrics.ValidationOf("", held => held.DistillationLoss ?? double.NaN))]
                : Array.Empty<Series>(),
            .. run.Metrics.OtherWeights.Select(name => new Series($"validation, {name}", run.Metrics.ValidationOf(name))),
        ],
        Marks = Marks(run.Metrics),
        Description = "Training loss of every step with its smoothed course, and validation loss.",
    };

    // The loss of a student by what it is made of: its sum hides which of the two learns.
    static LineChart Parts(MetricsFile metrics) => new("Next token and teachers", new("step"), new("nats a token") { Kind = AxisKind.Logarithmic })
    {
        Series =
        [
            new("cross-entropy, training", metrics.Points(step => step.Parts?.CrossEntropy ?? double.NaN)) { Smoothing = 0.02 },
            new("divergence, training", metrics.Points(step => step.Parts?.Divergence ?? double.NaN)) { Smoothing = 0.02 },
            new("cross-entropy, validation", metrics.Validation),
            new("divergence, validation", metrics.ValidationOf("", held => held.Divergence ?? double.NaN)),
        ],
        Description = "Cross-entropy with the next token, and the divergence from the teachers at the loss's temperature, before α and T².",
    };

    /// <summary>The share of clipped steps in stretches of equal length.</summary>
    public static List<DataPoint> ClipRate(MetricsFile metrics)
    {
        var steps = metrics.Steps;
        int bins = Math.Min(MostBins, steps.Count / 5);
        List<DataPoint> rates = [];
        for (int bin = 0; bin < bins; bin++)
        {
            int from = (int)((long)bin * steps.Count / bins), to = (int)((long)(bin + 1) * steps.Count / bins), clipped = 0, known = 0;
            for (int i = from; i < to; i++)
            {
                known += float.IsNaN(steps[i].ClipFactor) ? 0 : 1;
                clipped += steps[i].ClipFactor < 1 ? 1 : 0;
            }
            if (known > 0)
                rates.Add(new(steps[to - 1].Step, (double)clipped / known));
        }
        return rates;
    }

    static List<Mark> Marks(MetricsFile metrics) =>
    [
        .. metrics.Events.Where(happened => !Quiet.Contains(happened.Name)).Select(happened => new Mark(happened.Step, Words(happened.Name), $"step {happened.Step:N0}: {happened.Text}")),
        .. metrics.Sessions.Where(session => session.Step > 0).Select(session => new Mark(session.Step, "resumed", $"resumed after step {session.Step:N0}")),
    ];

    static void Events(ReportSection section, MetricsFile metrics)
    {
        var told = metrics.Events.Where(happened => !Quiet.Contains(happened.Name)).ToList();
        IReadOnlyList<string>[] plans = [.. Plans(metrics)];
        if (told.Count + plans.Length == 0)
            return;
        section.Table(["step", "event", ""], plans.Concat(told.TakeLast(MostEvents).Select(happened => (IReadOnlyList<string>)
            [$"{happened.Step:N0}", Words(happened.Name), happened.Text])));
        if (told.Count > MostEvents)
            section.Note($"The last {MostEvents} of {told.Count:N0} events; all of them stand in metrics.jsonl.");
    }

    // A time budget is planned anew all the way: one line for all of it.
    static IEnumerable<IReadOnlyList<string>> Plans(MetricsFile metrics)
    {
        var plans = metrics.Events.Where(happened => happened.Name == "replanned").ToList();
        if (plans.Count == 0)
            yield break;
        string first = End(plans[0]), last = End(plans[^1]);
        yield return plans.Count == 1
            ? [$"{plans[0].Step:N0}", "planned", $"the time ends at step {first}"]
            : [$"{plans[0].Step:N0}–{plans[^1].Step:N0}", "planned", $"the time ends at step {first} → {last}, planned {plans.Count:N0} times from the speed so far"];

        static string End(RecordedEvent plan) => $"{plan.Figure("planned_steps"):N0}";
    }

    static string Words(string name) => name.Replace('_', ' ');
}
