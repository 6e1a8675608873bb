using System.Globalization;
using Cria.Cli.Results;
using Cria.Evaluation.Scoring;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>The finished model beside its baselines.</summary>
static class QualitySection
{
    /// <summary>From the trigram down to the true entropy, where both are known.</summary>
    public static double? ShareOfTheWay(FinishedRun result) => result.Figures is { Trigram: { } trigram, Floor: { } floor }
        ? TextLikelihood.ShareOfTheWay(trigram.BitsPerByte, floor, result.Validation.BitsPerByte)
        : null;

    public static void Add(ReportSection section, FinishedRun result)
    {
        var (held, figures) = (result.Validation, result.Figures);
        var rows = new List<IReadOnlyList<string>>();
        if (figures?.Trigram is { } trigram)
            rows.Add(["Kneser–Ney trigram", Number(trigram.BitsPerByte), Number(trigram.NatsPerToken), Human.Number(trigram.Perplexity)]);
        rows.Add(["this model", Number(held.BitsPerByte), Number(held.NatsPerToken), Human.Number(Math.Exp(held.NatsPerToken))]);
        if (figures is { Floor: { } floor, Trigram: { } baseline })
        {
            rows.Add(["the generator itself", Number(floor), "", ""]);
            section.Chart(new WayChart("Bits per byte on unseen stories", new("Kneser–Ney trigram", baseline.BitsPerByte),
                new("model", held.BitsPerByte), new("true entropy", floor)));
        }
        section.Table(["", "bits per byte", "nats a token", "perplexity"], rows);
        section.Note($"Measured on {Human.Bytes(held.Bytes)} of validation text, {held.Tokens:N0} tokens, the end of each document among them" +
            (figures?.Trigram is null ? "." : "; the trigram is interpolated modified Kneser–Ney, trained on the same tokens."));
    }

    public static void AddGrammar(ReportSection section, RunFigures figures)
    {
        var (model, trigram) = (figures.ModelPairs!, figures.TrigramPairs!);
        section.Chart(PairChart.OfPhenomena("Minimal pairs", [("model", model), ("Kneser–Ney trigram", trigram)]));
        section.Table(["group", "pairs", "model", "trigram"], model.Groups.Zip(trigram.Groups, (m, t) => (IReadOnlyList<string>)
            [m.Name, m.Count.ToString("N0", CultureInfo.InvariantCulture), $"{m.Accuracy:P1} ± {m.StandardError:P1}", $"{t.Accuracy:P1} ± {t.StandardError:P1}"]));
        section.Note($"{model.Overall.Count:N0} pairs of texts that differ in one word; the combinations of words that are tested do not occur in the training text.");
    }

    static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
