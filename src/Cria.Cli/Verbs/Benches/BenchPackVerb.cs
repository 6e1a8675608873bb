using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Interop;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench pack</c>: packing beside encoding alone.</summary>
static class BenchPackVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<string> Tokenizer = TokenizerVerb.Option();
    static readonly Option<int> Rounds = Numbers.Count("--rounds", "N", "How often each is done, in turns.", 1, 3);
    static readonly Option<string> Scratch = BenchVerb.Scratch("Where shards are written and removed again.", "cria-bench-pack");

    public static Command Create() => new Verb(
        "pack", "Packing files beside encoding their text from memory.", "cria bench pack corpus.jsonl.gz --tokenizer gpt2")
    {
        Inputs, Tokenizer, Rounds, Scratch, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string tokenizer = parsed.GetRequiredValue(Tokenizer), scratch = parsed.GetRequiredValue(Scratch);
        DataVerb.RefuseExisting(scratch);
        PackBenchResult r = new PackBench(
            parsed.GetRequiredValue(Inputs), () => TokenizerFile.Open(tokenizer).ToTrainWith(), parsed.ThreadCount())
            .Run(parsed.GetValue(Rounds), scratch, cancellation);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(r);
        else
        {
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"encoded from memory {r.Encode:F1} MB/s, packed {r.Pack:F1} MB/s, {r.Share:P0} ({r.Threads} threads, {r.Rounds} rounds)"));
        }

        return 0;
    }
}
