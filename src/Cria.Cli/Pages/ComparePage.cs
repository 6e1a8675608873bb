using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>Several runs on one page: what they reached, in what they differ, their curves over steps, tokens, time, compute.</summary>
static class ComparePage
{
    const int MostCurves = 24, MostFormulas = 4;

    public static HtmlReport Of(IReadOnlyList<RecordedRun> runs)
    {
        var ranked = RunTable.Ranked(runs);
        var page = new HtmlReport(runs.Count == 1 ? runs[0].Name : $"{runs.Count} runs", Summary(ranked));
        var results = page.Section("Results");
        results.Table(RunTable.Headers, ranked.Select(RunTable.Row));
        Caveats(results, ranked);
        Differences(page.Section("Settings that differ"), ranked);
        Curves(page.Section("Curves"), [.. ranked.Take(MostCurves)], ranked.Count);
        return page;
    }

    /// <summary>The losses of the validation text as the runs went on, as one picture, in the order of the runs.</summary>
    public static LineChart ValidationBySteps(IReadOnlyList<RecordedRun> runs) =>
        new("Validation loss by steps", new("step"), Loss) { Series = [.. runs.Select(run => new Series(run.Name, Validation(run, BySteps)))] };

    static string Summary(List<RecordedRun> ranked)
    {
        var best = ranked[0];
        int unfinished = ranked.Count(run => run.Result is null);
        string open = unfinished == 0 ? "" : $" {unfinished} of {ranked.Count} {(unfinished == 1 ? "is" : "are")} not finished.";
        return best.Result is { } result && unfinished == 0
            ? $"The best is {best.Name}: {Human.Number(result.Validation.BitsPerByte, 4)} bits per byte, {Human.Number(result.Validation.NatsPerToken, 4)} nats a token."
            : $"The lowest validation loss so far is {Human.Number(RunTable.Loss(best), 4)}, of {best.Name}.{open}";
    }

    static void Caveats(ReportSection section, List<RecordedRun> runs)
    {
        if (runs.Select(run => run.Result?.Validation.Hash).OfType<string>().Distinct().Count() > 1)
            section.Note("Not all were measured on the same validation tokens: their losses a token cannot be compared, and their bits per byte only if the text is the same.");
        if (runs.Select(run => run.Session.Machine).Distinct().Count() > 1)
            section.Note("Not all ran on the same machine: their times cannot be compared.");
        foreach (string formula in SessionText.Formulas(runs.Select(run => run.Session)).Take(MostFormulas))
            section.Note(formula);
    }

    static void Differences(ReportSection section, List<RecordedRun> runs)
    {
        var differences = RecipeDifferences.Of([.. runs.Select(run => run.Recipe)]);
        if (differences.Count == 0)
        {
            section.Text("None: the recipes are the same.");
            return;
        }
        // Few runs stand side by side; many stand below each other, with the settings across.
        if (runs.Count <= 5)
            section.Table(["setting", .. runs.Select(run => run.Name)], differences.Select(setting => (IReadOnlyList<string>)[setting.Path, .. setting.Values]));
        else
            section.Table(["run", .. differences.Select(setting => setting.Path)],
                runs.Select((run, i) => (IReadOnlyList<string>)[run.Name, .. differences.Select(setting => setting.Values[i])]));
    }

    static void Curves(ReportSection section, List<RecordedRun> runs, int all)
    {
        if (all > runs.Count)
            section.Note($"The best {runs.Count} of {all} runs have curves here.");
        section.Chart(new LineChart("Training loss by steps", new("step"), Loss)
        {
            Series = [.. runs.Select(run => new Series(run.Name, Curve(run.Metrics.Loss)))],
        });
        section.Chart(ValidationBySteps(runs));
        (string Title, Axis X, Func<RecordedRun, StepPoint, double> At)[] views =
        [
            ("Validation loss by tokens", new("tokens"), (_, step) => step.Tokens),
            ("Validation loss by minutes of training", new("minutes"), (_, step) => step.Elapsed / 60),
            ("Validation loss by compute", new("FLOPs"), (run, step) => step.Tokens * run.FlopsPerToken),
        ];
        foreach (var (title, x, at) in views)
            section.Chart(new LineChart(title, x, Loss) { Series = [.. runs.Select(run => new Series(run.Name, Validation(run, at)))] });
    }

    static double BySteps(RecordedRun run, StepPoint step) => step.Step;

    static Axis Loss => new("loss", "nats a token") { Kind = AxisKind.Logarithmic };

    // Of several noisy curves in one picture only their courses can be told apart.
    static DataPoint[] Curve(IReadOnlyList<DataPoint> points) => points.Count < 20 ? [.. points] : LineChart.Smoothed(points, 0.02);

    static List<DataPoint> Validation(RecordedRun run, Func<RecordedRun, StepPoint, double> at)
    {
        var steps = run.Metrics.Steps.ToDictionary(step => step.Step);
        return [.. run.Metrics.Validation
            .Where(held => steps.ContainsKey((int)held.X))
            .Select(held => new DataPoint(at(run, steps[(int)held.X]), held.Y))];
    }
}
