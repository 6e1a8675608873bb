using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>
/// report.html of a run, from the files of its folder alone: how it learned, how good it became, how fast it was, what went
/// on inside, what it wrote, how it was made. A run that is not finished has a page too, of what there is.
/// </summary>
static class RunPage
{
    /// <summary>Writes the page, and the loss curve as a picture of its own.</summary>
    public static void Save(RecordedRun run, string page, string curve)
    {
        WholeFile.Write(curve, LearningSection.Curve(run).ToSvg(standalone: true));
        WholeFile.Write(page, Of(run).ToHtml());
    }

    public static HtmlReport Of(RecordedRun run)
    {
        var page = new HtmlReport(run.Recipe.Name, Summary(run));
        Tiles(page, run);
        LearningSection.Add(page.Section("Learning"), run);
        if (run.Result is { } result)
            QualitySection.Add(page.Section("How good it is"), result);
        if (run.Result?.Figures?.ModelPairs is not null)
            QualitySection.AddGrammar(page.Section("Grammar"), run.Result.Figures);
        SpeedSection.Add(page.Section("Speed"), run);
        if (run.Metrics.Norms.Count > 0)
            NormSection.Add(page.Section("Inside"), run);
        if (run.Metrics.Samples.Count > 0 || run.Result?.Figures?.Samples.Count > 0)
            SampleSection.Add(page.Section("What it writes"), run);
        FactsSection.Add(page.Section("How it was made"), run);
        string[] foot = [run.Session.Version, run.Session.Kernels, run.Session.Machine];
        page.Footer = string.Join(" · ", foot.Where(part => part.Length > 0));
        return page;
    }

    static string Summary(RecordedRun run)
    {
        string time = Human.Duration(TimeSpan.FromSeconds(run.Metrics.Seconds));
        string trained = $"trained on {Human.Count(run.Metrics.Tokens)} tokens in {time}";
        string size = run.Session.Parameters > 0 ? $" of {Human.Count(run.Session.Parameters)} parameters" : "";
        if (run.Result is { } result)
            return $"A {run.Recipe.Model.ModelType} of {Human.Count(result.Parameters)} parameters, {trained}: " +
                $"{Human.Number(result.Validation.BitsPerByte)} bits per byte on text it has never seen.";
        return $"A {run.Recipe.Model.ModelType}{size}, {trained}: step {run.StepsDone:N0} of {run.PlannedSteps:N0}, not finished.";
    }

    static void Tiles(HtmlReport page, RecordedRun run)
    {
        var metrics = run.Metrics;
        if (run.Result is { } result)
        {
            var figures = result.Figures;
            page.Tile("bits per byte", Human.Number(result.Validation.BitsPerByte), figures?.Trigram is { } trigram ? $"Kneser–Ney trigram {Human.Number(trigram.BitsPerByte)}" : "");
            if (QualitySection.ShareOfTheWay(result) is { } share)
                page.Tile("of the way to the true entropy", Human.Percent(share), $"floor {Human.Number(figures!.Floor!.Value)} bits per byte");
            if (figures?.ModelPairs is { } pairs)
                page.Tile("grammar checks passed", Human.Percent(pairs.Overall.Accuracy), $"trigram {Human.Percent(figures.TrigramPairs!.Overall.Accuracy)}");
            page.Tile("parameters", Human.Count(result.Parameters), $"perplexity {Human.Number(Math.Exp(result.Validation.NatsPerToken))} a token");
        }
        else
        {
            page.Tile("steps", $"{run.StepsDone:N0}", $"of {run.PlannedSteps:N0}");
            if (metrics.Validation is [.., var held])
                page.Tile("validation loss", Human.Number(held.Y), $"at step {held.X:N0}");
            else if (metrics.Loss is [.., var last])
                page.Tile("training loss", Human.Number(last.Y), $"at step {last.X:N0}");
            if (run.Session.Parameters > 0)
                page.Tile("parameters", Human.Count(run.Session.Parameters));
        }
        double speed = run.TokensPerSecond, ofPeak = run.Session.ShareOfPeak(speed);
        page.Tile("tokens a second", Human.Count(speed), double.IsFinite(ofPeak) ? $"{Human.Percent(ofPeak)} of the machine's peak" : "share of the peak not known");
    }
}
