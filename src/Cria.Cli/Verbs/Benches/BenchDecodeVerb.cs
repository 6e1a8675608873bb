using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench decode</c>: tokens one at a time, and their share of the memory's speed.</summary>
static class BenchDecodeVerb
{
    /// <summary>Much more than a third-level cache holds.</summary>
    const long ReadBytes = 512L << 20;

    const int Turns = 8;

    static readonly Argument<string?> Model = new("RECIPE|CHECKPOINT") { Description = "A recipe or a model; lilLM-39M if not given.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<bool> Profile = new("--profile") { Description = "Also the time of every operation." };
    static readonly Option<int> Tokens = Numbers.Count("--tokens", "N", "Tokens to decode.", 1, 64);
    static readonly Option<int> Prompt = Numbers.Count("--prompt-tokens", "N", "Tokens of the prompt whose reading is timed.", 1, 256);

    public static Command Create() => new Verb(
        "decode",
        "Tokens one at a time, and their share of the memory's speed.",
        "cria bench decode --threads 2")
    {
        Model, Set, Profile, Tokens, Prompt, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount(), count = parsed.GetValue(Tokens);
        var (model, name) = Open(parsed);
        using var opened = model;
        var kernels = KernelChoice.Best(threads);
        using var pool = new WorkerPool(threads);
        using var bench = new DecodeBench(model, kernels, parsed.GetValue(Prompt), count);
        var matmul = new MatMulBench(kernels, threads, []);
        int hidden = model.Config.HiddenSize;
        MatMulShape[] shapes = [new(2048, 4 * hidden, hidden, false, true), new(2048, hidden, 4 * hidden, false, true)];

        // Both ceilings are measured between the tokens, and each turn's tokens are held against that turn's memory: it may be
        // another a second later.
        bench.Read();
        List<double> tokens = [], reads = [], bandwidths = [], shares = [];
        double bytes = 0, peak = 0;
        long allocated = 0;
        bench.Begin();
        bench.Token();
        if (parsed.GetValue(Profile))
            bench.StepPlan.Profile();
        for (int turn = 0; turn < Turns; turn++)
        {
            peak = Math.Max(peak, matmul.Peak(shapes, 0.02));
            reads.Add(bench.Read());
            bandwidths.Add(MemoryBandwidth.Read(pool, ReadBytes));
            bench.Begin();
            var rates = new List<double>();
            for (int i = 0; i < (count + Turns - 1) / Turns && !bench.IsFull; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long before = GC.GetTotalAllocatedBytes(precise: true);
                var (seconds, read) = bench.Token();
                allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
                tokens.Add(seconds);
                rates.Add(read / seconds);
                bytes += read;
            }
            if (rates.Count > 0)
                shares.Add(Sample.Median(rates) / bandwidths[^1]);
        }
        double median = Sample.Median(tokens), prefill = Sample.Median(reads), bandwidth = Sample.Median(bandwidths);
        bytes /= tokens.Count;
        var result = new DecodeResult(1 / median, median * 1000, (long)bytes, DecodeBench.Formula, bandwidth, Sample.Median(shares),
            bench.PrefillTokens / prefill, bench.PrefillTokens, bench.PrefillFlops / prefill / 1e9 / peak, peak, allocated / tokens.Count,
            model.Parameters.Count, threads, kernels.Name, name);
        if (parsed.GetValue(Profile))
            Output.Log(PlanReport.Text(bench.StepPlan, tokens.Count));
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(result);
        else
            Output.Line(Text(result));
        return 0;
    }

    static string Text(DecodeResult r)
    {
        double used = r.BytesPerToken * r.TokensPerSecond / 1e9, reading = r.ReadBytesPerSecond / 1e9;
        return string.Create(CultureInfo.InvariantCulture, $"""
            {r.Model}: {r.Parameters:N0} parameters, {r.Threads} threads ({r.Kernels})
            {r.TokensPerSecond:F1} tokens/s, {r.MillisecondsPerToken:F2} ms each, {r.AllocatedBytesPerToken} bytes allocated a token
            {r.BytesPerToken / 1e6:F1} MB a token, {used:F1} GB/s: {r.ShareOfReadBandwidth:P1} of reading alone ({reading:F1} GB/s)
            a prompt of {r.PrefillTokens}: {r.PrefillTokensPerSecond:F0} tokens/s, {r.PrefillShareOfMatmulPeak:P1} of the matmul peak
            """);
    }

    static (ILanguageModel Model, string Name) Open(ParseResult parsed)
    {
        string? path = parsed.GetValue(Model);
        if (path is not null && Path.GetExtension(path) is not (".yaml" or ".yml"))
        {
            using var checkpoint = CheckpointFormats.Open(OpenedModel.Resolve(path));
            return (checkpoint.Model(CpuDevice.Instance), path);
        }
        var recipe = (path is null
            ? BuiltinRecipes.Read("lillm-39m.yaml", parsed.GetValue(Set) ?? [])
            : RecipeOptions.Read(parsed, path, Set)).WithVocabulary();
        var model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(recipe.Seed);
        return (model, recipe.Name);
    }
}
