using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Engine.Graphs.Ops;
using Cria.Evaluation.Scoring;

namespace Cria.Cli.Verbs;

/// <summary><c>cria eval --text</c>: how well a model, or several as one, predict texts, file by file and together.</summary>
static class EvalVerb
{
    static readonly Argument<string[]> Models = Checkpoints.Several();
    static readonly Option<string[]> Text = new("--text")
    {
        HelpName = "FILE",
        Description = "Texts to predict of any format that is read; documents are predicted whole, in chunks of the context.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string?> Average = new("--average")
    {
        Description = "With several models: what of them is averaged into one prediction; logits if not given.",
    };

    static readonly Option<string?> Weights = new("--weights")
    {
        HelpName = "2,1",
        Description = "With several models: what each counts in the mean, in their order; all alike if not given.",
    };

    static EvalVerb() => Average.AcceptOnlyFromAmong("logits", "probabilities");

    public static Command Create() => new Verb(
        "eval",
        "Nats a token, perplexity and bits per byte on a text; of several models also together, as one.",
        "cria eval runs/one runs/two --text held-out.txt --average probabilities")
    {
        Models, Text, Average, Weights, ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] paths = parsed.GetRequiredValue(Models);
        double[] weights = [.. (parsed.GetValue(Weights)?.Split(',') ?? []).Select(Weight)];
        if (paths.Length == 1 && (weights.Length > 0 || parsed.GetValue(Average) is not null))
            throw new UsageException("--average and --weights are for several models, and one is named.");
        if (weights.Length > 0 && weights.Length != paths.Length)
            throw new UsageException($"--weights has {weights.Length} numbers and {paths.Length} models are named; give one to each.");
        var mean = parsed.GetValue(Average) == "probabilities" ? EnsembleMean.Probabilities : EnsembleMean.Logits;
        using var opened = new OpenedEnsemble(paths, weights, mean, parsed.ThreadCount());
        string[] texts = parsed.GetRequiredValue(Text);
        var results = new TextLikelihood[texts.Length][]; // [text][scorer]
        for (int i = 0; i < texts.Length; i++)
            results[i] = Measure(ReadingOptions.Open(parsed, [texts[i]]), opened, cancellation);
        Measured[] measured = [.. opened.Scorers.Select((scorer, s) => new Measured(
            s < paths.Length ? paths[s] : scorer.Name, [.. texts.Select((text, i) => (text, results[i][s]))]))];
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(measured.Length == 1 ? measured[0].Json() : new
            {
                Models = measured[..^1].Select(each => new { Checkpoint = each.Name, Results = each.Json() }),
                Ensemble = new { Average = measured[^1].Name, Weights = weights, Results = measured[^1].Json() },
            });
        else
            foreach (var each in measured)
                each.Print(isNamed: measured.Length > 1);
        return 0;
    }

    static double Weight(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && weight > 0 && double.IsFinite(weight)
            ? weight
            : throw new UsageException($"--weights has '{text}', which is not a number above 0; weights are separated by commas, such as 2,1.");

    static TextLikelihood[] Measure(DocumentReader documents, OpenedEnsemble opened, CancellationToken cancellation)
    {
        var sums = new TextLikelihood[opened.Scorers.Count];
        Array.Fill(sums, new(0, 0, 0));
        foreach (var document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] text = opened.Tokenizer.Encode(document.Text);
            int[] ids = opened.Tokenizer is { BeginOfText: { } begin, EndOfText: { } end } ? [begin, .. text, end] : text;
            for (int s = 0; s < sums.Length; s++)
                sums[s] += TextLikelihood.Measure(opened.Scorers[s], [ids], document.Utf8.Length);
        }
        return sums;
    }

    /// <summary>What one model, or all together, made of the texts.</summary>
    sealed record Measured(string Name, (string File, TextLikelihood Likelihood)[] Texts)
    {
        TextLikelihood Total => Texts.Select(text => text.Likelihood).Aggregate((a, b) => a + b);

        public object Json() => new { Texts = Texts.Select(text => Figures(text.File, text.Likelihood)), Total = Figures("total", Total) };

        public void Print(bool isNamed)
        {
            if (isNamed)
                Output.Line(Name);
            foreach (var (file, likelihood) in Texts.Length > 1 ? [.. Texts, ("total", Total)] : Texts)
                Output.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{(isNamed ? "  " : "")}{file}: {likelihood.BitsPerByte:F4} bits per byte, {likelihood.NatsPerToken:F4} nats a token, perplexity {likelihood.Perplexity:F2} ({likelihood.Tokens:N0} tokens, {likelihood.Bytes:N0} bytes)"));
        }

        static object Figures(string file, TextLikelihood likelihood) => new
        {
            File = file,
            likelihood.BitsPerByte,
            likelihood.NatsPerToken,
            likelihood.Perplexity,
            likelihood.Tokens,
            likelihood.Bytes,
        };
    }
}
