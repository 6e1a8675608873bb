using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench tokenizer</c>: text to ids and back, and the learning of a vocabulary.</summary>
static class BenchTokenizerVerb
{
    static readonly Argument<string?> File = new("FILE") { Description = "A text file; generated stories if not given.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<int> VocabSize = Numbers.Count("--vocab-size", "N", "The vocabulary to learn.", 257, without: 4096);

    public static Command Create() => new Verb("tokenizer", "Encoding, decoding and learning a vocabulary.", "cria bench tokenizer corpus.txt --json")
    {
        File, VocabSize, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string? path = parsed.GetValue(File);
        var pieces = path is null ? TokenizerBench.Stories(parsed.GetValue(GlobalOptions.Seed) ?? 1) : TokenizerBench.Lines(path);
        if (pieces.Count == 0)
            throw new UsageException($"{path} is empty; there is nothing to encode.");
        var r = new TokenizerBench(pieces, parsed.ThreadCount())
            .Run(path is null ? "generated stories" : Path.GetFileName(path), parsed.GetValue(VocabSize), cancellation);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(r);
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"""
                {r.Text}: {r.Bytes / 1e6:F1} MB, {r.VocabSize} tokens learned in {r.TrainSeconds:F2} s ({r.Threads} threads), {r.BytesPerToken:F2} bytes a token
                encode {r.EncodeOneThread:F1} MB/s on one thread, {r.Encode:F1} MB/s on {r.Threads}; decode {r.Decode:F0} MB/s
                """));
        return 0;
    }
}
