using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench attention</c>: attention's rates and their shares of the matmul peak, from one run.</summary>
static class BenchAttentionVerb
{
    const int Rounds = 5;

    static readonly Option<double> Seconds = new("--seconds")
    {
        HelpName = "S",
        Description = "Time spent on each shape.",
        DefaultValueFactory = _ => 0.5,
    };

    static readonly Option<int> Length = Numbers.Count("--length", "T", "Only the shapes of this length.", 1, example: 512);

    /// <summary>The products of lilLM-39M's layers at 4 × 512 tokens, the best of which is the peak.</summary>
    static IEnumerable<MatMulShape> Projections => MatMulShape.OfStep(2048, 512, 512, 256, 1408, vocabulary: 1408);

    public static Command Create() => new Verb(
        "attention",
        "Attention forward and backward, as shares of the matmul peak.",
        "cria bench attention --threads 2 --json")
    {
        Length, Seconds, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        var kernels = KernelChoice.Best(threads);
        var matmul = new MatMulBench(kernels, threads, BlasLibrary.Find(null));
        AttentionBench[] benches = [.. AttentionBenchShape.OfLength(parsed.GetValue(Length))
            .Select(shape => new AttentionBench(shape, kernels))];
        double peak = 0;
        for (int round = 0; round < Rounds; round++) // the ceiling is measured before and after: all see the same machine
        {
            if (round is 0 or Rounds - 1)
                peak = Math.Max(peak, matmul.Peak(Projections, 0.02));
            foreach (var bench in benches)
            {
                cancellation.ThrowIfCancellationRequested();
                bench.TakeTurn(parsed.GetValue(Seconds) / Rounds);
            }
        }
        AttentionResult[] results = [.. benches.Select(bench => bench.Result(peak))];
        foreach (var bench in benches)
            bench.Dispose();
        using var pool = new WorkerPool(threads);
        double fma = MachinePeak.FmaGflops(pool);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Kernels = kernels.Name,
                Threads = threads,
                MatmulPeakGflops = peak,
                FmaPeakGflops = fma,
                Shapes = results.Select(r => new
                {
                    r.Shape.Length,
                    r.Shape.HeadDim,
                    r.Shape.NumHeads,
                    r.Shape.NumKeyValueHeads,
                    r.Shape.Batch,
                    r.ForwardGflops,
                    r.BackwardGflops,
                    r.Gflops,
                    r.ForwardShare,
                    r.BackwardShare,
                    r.Share,
                }),
            });
            return 0;
        }
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"{threads} threads ({kernels.Name}): matmul peak {peak:F0} GFLOP/s, FMA peak {fma:F0}"));
        Output.Line("length  head  heads  batch     forward    backward        both: GFLOP/s and share of the matmul peak");
        foreach (var r in results)
        {
            string heads = $"{r.Shape.NumHeads}/{r.Shape.NumKeyValueHeads}";
            string shape = $"{r.Shape.Length,6}  {r.Shape.HeadDim,4}  {heads,5}  {r.Shape.Batch,5}";
            string parts = $"{Rate(r.ForwardGflops, r.ForwardShare)}  {Rate(r.BackwardGflops, r.BackwardShare)}";
            Output.Line($"{shape}  {parts}  {Rate(r.Gflops, r.Share)}");
        }
        return 0;
    }

    static string Rate(double gflops, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{gflops,4:F0} {share,5:P0}");
}
