using System.Globalization;
using Cria.Cli.Recipes;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Cli.Runs;

/// <summary>report.html and curve.svg: the curves, the comparison, the grammar, the samples, the data, the machine.</summary>
sealed class RunReport(PretrainRun run, RunResult result, MetricsFile metrics)
{
    /// <summary>Writes the page, and the loss curve as a picture of its own.</summary>
    public void Save(string path, string curve)
    {
        WholeFile.Write(curve, Curve.ToSvg(standalone: true));
        var page = new HtmlReport(run.Recipe.Name, Summary());
        Tiles(page);
        Curves(page.Section("Learning"));
        Comparison(page.Section("How good it is"));
        if (result.ModelPairs is not null)
            Grammar(page.Section("Grammar"));
        Samples(page.Section("What it writes"));
        Facts(page.Section("How it was made"));
        page.Footer = $"Cria {typeof(RunReport).Assembly.GetName().Version?.ToString(3)} · {run.Kernels.Name} · {RunMachine.Name}";
        page.Save(path);
    }

    LineChart Curve => new("Loss", new("step"), new("loss", "nats a token") { Kind = AxisKind.Logarithmic })
    {
        Series = [new("training", metrics.Loss) { Smoothing = 0.02 }, new("validation", metrics.Validation)],
        Description = "Training loss of every step with its smoothed course, and validation loss.",
    };

    string Summary() =>
        $"A {run.Recipe.Model.ModelType} of {Human.Count(result.Parameters)} parameters, trained on {Human.Count(result.TrainedTokens)} tokens " +
        $"in {Human.Duration(TimeSpan.FromSeconds(metrics.Seconds))}: {Number(result.Model.BitsPerByte)} bits per byte on text it has never seen.";

    void Tiles(HtmlReport page)
    {
        page.Tile("bits per byte", Number(result.Model.BitsPerByte), result.Trigram is { } trigram ? $"Kneser–Ney trigram {Number(trigram.BitsPerByte)}" : "");
        if (result.ShareOfTheWay is { } share)
            page.Tile("of the way to the true entropy", Human.Percent(share), $"floor {Number(result.Floor!.Value)} bits per byte");
        if (result.ModelPairs is { } pairs)
            page.Tile("grammar checks passed", Human.Percent(pairs.Overall.Accuracy), $"trigram {Human.Percent(result.TrigramPairs!.Overall.Accuracy)}");
        page.Tile("parameters", Human.Count(result.Parameters), $"perplexity {Human.Number(result.Model.Perplexity)} a token");
        page.Tile("tokens a second", Human.Count(result.TrainedTokens / Math.Max(1e-9, metrics.Seconds)), $"{Human.Percent(result.ShareOfMatmulPeak)} of the machine's matmul peak");
    }

    void Curves(ReportSection section)
    {
        section.Chart(Curve);
        section.Chart(new LineChart("Learning rate", new("step"), new("learning rate")) { Series = [new("learning rate", metrics.LearningRate)] });
        if (metrics.Skipped > 0)
            section.Note($"{metrics.Skipped} steps had a gradient that was not finite and were skipped.");
    }

    void Comparison(ReportSection section)
    {
        var rows = new List<IReadOnlyList<string>>();
        if (result.Trigram is { } trigram)
            rows.Add(["Kneser–Ney trigram", Number(trigram.BitsPerByte), Number(trigram.NatsPerToken), Human.Number(trigram.Perplexity)]);
        rows.Add([$"this model", Number(result.Model.BitsPerByte), Number(result.Model.NatsPerToken), Human.Number(result.Model.Perplexity)]);
        if (result is { Floor: { } floor, Trigram: { } baseline })
        {
            rows.Add(["the generator itself", Number(floor), "", ""]);
            section.Chart(new WayChart("Bits per byte on unseen stories", new("Kneser–Ney trigram", baseline.BitsPerByte),
                new("model", result.Model.BitsPerByte), new("true entropy", floor)));
        }
        section.Table(["", "bits per byte", "nats a token", "perplexity"], rows);
        section.Note($"Measured on {Human.Bytes(result.Model.Bytes)} of validation text, {result.Model.Tokens:N0} tokens, the end of each document among them; " +
            "the trigram is interpolated modified Kneser–Ney, trained on the same tokens.");
    }

    void Grammar(ReportSection section)
    {
        var (model, trigram) = (result.ModelPairs!, result.TrigramPairs!);
        string[] groups = [.. model.Groups.Select(group => group.Name)];
        var phenomena = model.Phenomena.Zip(trigram.Phenomena).OrderBy(pair => Array.IndexOf(groups, pair.First.Group)).ToList();
        section.Chart(new BarChart("Minimal pairs", new("accuracy") { Format = AxisFormat.Percent, Minimum = 0, Maximum = 1 })
        {
            Categories = [.. phenomena.Select(p => new BarCategory(p.First.Name, p.First.Group))],
            Series =
            [
                new("model", [.. phenomena.Select(p => new Bar(p.First.Accuracy, p.First.StandardError))]),
                new("Kneser–Ney trigram", [.. phenomena.Select(p => new Bar(p.Second.Accuracy, p.Second.StandardError))]),
            ],
            References = [new(0.5, "chance")],
            Description = "How often the grammatical text of a pair is the likelier one.",
        });
        section.Table(["group", "pairs", "model", "trigram"], model.Groups.Zip(trigram.Groups, (m, t) => (IReadOnlyList<string>)
            [m.Name, m.Count.ToString("N0", CultureInfo.InvariantCulture), $"{m.Accuracy:P1} ± {m.StandardError:P1}", $"{t.Accuracy:P1} ± {t.StandardError:P1}"]));
        section.Note($"{model.Overall.Count:N0} pairs of texts that differ in one word; the combinations of words that are tested do not occur in the training text.");
    }

    void Samples(ReportSection section)
    {
        foreach (var (prompt, text) in result.Samples)
            section.Sample(prompt, text);
        if (result.Words is { Words: > 0 } words)
            section.Note($"{Human.Percent(words.Share)} of the {words.Words:N0} words written here occur in the training text" +
                (words.Unknown.Count == 0 ? "." : $"; of those that do not: {string.Join(", ", words.Unknown.Take(12))}."));
    }

    void Facts(ReportSection section)
    {
        var (train, held) = (run.Training, run.HeldOut);
        section.Facts("Data",
            ("training", Size(train.Documents, train.TextBytes, train.Tokens)),
            ("validation", Size(held.Documents, run.HeldOutBytes, held.Tokens)),
            ("vocabulary", $"{run.Corpus.Tokenizer.VocabSize:N0} tokens" + (train.TextBytes is { } bytes ? $", {(double)bytes / train.Tokens:F2} bytes a token" : "")),
            ("epochs", Human.Number((double)result.TrainedTokens / train.Tokens)),
            ("reader", train.Plan ?? run.Recipe.Data.Reader.Type));
        if (run.Corpus.Report is { } cleaning)
            section.Table(["cleaning step", "documents touched", "characters removed"], cleaning.Steps.Append(cleaning.Empty).Append(cleaning.Duplicates)
                .Select(step => (IReadOnlyList<string>)[step.Name, $"{step.Documents:N0}", $"{step.Characters:N0}"]));
        if (run.Corpus.Statistics is { InvalidDocuments: > 0 } statistics)
            section.Note($"{statistics.InvalidDocuments:N0} documents held bytes that are not UTF-8; they became U+FFFD.");
        section.Facts("Run",
            ("training time", Human.Duration(TimeSpan.FromSeconds(metrics.Seconds))),
            ("steps", $"{run.Trainer.Step:N0} of {run.Trainer.TokensPerStep:N0} tokens"),
            ("FLOPs a token", Human.Count(run.FlopsPerToken)),
            ("activations", Human.Bytes(run.Trainer.ArenaBytes)),
            ("kernels", run.Kernels.Name),
            ("machine", RunMachine.Name));
        section.Table(["recipe.yaml"], RecipeFile.Text(run.Recipe).TrimEnd().Split('\n').Select(line => (IReadOnlyList<string>)[line]));
    }

    // Other people's token files count neither documents nor bytes.
    static string Size(long? documents, long? bytes, long tokens) =>
        (documents is { } d ? $"{d:N0} documents, " : "") + (bytes is { } b ? $"{Human.Bytes(b)}, " : "") + $"{tokens:N0} tokens";

    static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
