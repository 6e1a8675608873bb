using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Scoring;

namespace Cria.Cli.Evaluations;

/// <summary>How well models, and all of them as one, predict texts, file by file and together.</summary>
/// <param name="opened">The models.</param>
/// <param name="names">What the person called them.</param>
/// <param name="weights">Of each in the mean, as they were given.</param>
sealed class TextEvaluation(OpenedEnsemble opened, IReadOnlyList<string> names, IReadOnlyList<double> weights)
{
    /// <param name="texts">The files, each with its documents.</param>
    /// <param name="asJson">Print a document instead of lines.</param>
    public void Run(IReadOnlyList<(string Name, DocumentReader Documents)> texts, bool asJson, CancellationToken cancellation)
    {
        TextLikelihood[][] results = [.. texts.Select(text => Measure(text.Documents, cancellation))]; // [text][scorer]
        Measured[] measured = [.. opened.Scorers.Select((scorer, s) => new Measured(
            s < names.Count ? names[s] : scorer.Name, [.. texts.Select((text, i) => (text.Name, results[i][s]))]))];
        if (asJson)
            Output.Json(measured.Length == 1 ? measured[0].Json() : new
            {
                Models = measured[..^1].Select(each => new { Checkpoint = each.Name, Results = each.Json() }),
                Ensemble = new { Average = measured[^1].Name, Weights = weights, Results = measured[^1].Json() },
            });
        else
            foreach (var each in measured)
                each.Print(isNamed: measured.Length > 1);
    }

    TextLikelihood[] Measure(DocumentReader documents, CancellationToken cancellation)
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
