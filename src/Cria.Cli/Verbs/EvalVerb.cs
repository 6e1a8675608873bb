using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Scoring;

namespace Cria.Cli.Verbs;

/// <summary><c>cria eval --text</c>: how well a model predicts texts, file by file and together.</summary>
static class EvalVerb
{
    static readonly Argument<string> Checkpoint = Checkpoints.Argument();
    static readonly Option<string[]> Text = new("--text")
    {
        HelpName = "FILE",
        Description = "Texts to predict of any format that is read; documents are predicted whole, in chunks of the context.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new Verb(
        "eval",
        "Nats a token, perplexity and bits per byte on a text.",
        "cria eval runs/quickstart --text held-out.txt")
    {
        Checkpoint, Text, ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var opened = new OpenedModel(parsed.GetRequiredValue(Checkpoint), parsed.ThreadCount());
        using var scorer = new ModelScorer(opened.Model, opened.Kernels);
        var results = new List<(string File, TextLikelihood Likelihood)>();
        foreach (string path in parsed.GetRequiredValue(Text))
            results.Add((path, Measure(ReadingOptions.Open(parsed, [path]), opened.Tokenizer, scorer, cancellation)));
        var total = results.Select(result => result.Likelihood).Aggregate((a, b) => a + b);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Texts = results.Select(r => Json(r.File, r.Likelihood)), Total = Json("total", total) });
        else
            foreach (var (file, likelihood) in results.Count > 1 ? [.. results, ("total", total)] : results)
                Output.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{file}: {likelihood.BitsPerByte:F4} bits per byte, {likelihood.NatsPerToken:F4} nats a token, perplexity {likelihood.Perplexity:F2} ({likelihood.Tokens:N0} tokens, {likelihood.Bytes:N0} bytes)"));
        return 0;
    }

    static TextLikelihood Measure(DocumentReader documents, ITokenizer tokenizer, ModelScorer scorer, CancellationToken cancellation)
    {
        var sum = new TextLikelihood(0, 0, 0);
        foreach (var document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] text = tokenizer.Encode(document.Text);
            int[] ids = tokenizer is { BeginOfText: { } begin, EndOfText: { } end } ? [begin, .. text, end] : text;
            sum += TextLikelihood.Measure(scorer, [ids], document.Utf8.Length);
        }
        return sum;
    }

    static object Json(string file, TextLikelihood likelihood) => new
    {
        File = file,
        likelihood.BitsPerByte,
        likelihood.NatsPerToken,
        likelihood.Perplexity,
        likelihood.Tokens,
        likelihood.Bytes,
    };
}
