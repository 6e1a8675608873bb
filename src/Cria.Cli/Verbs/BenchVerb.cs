using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Cli.Verbs;

/// <summary><c>cria bench</c>: the machine's ceiling and our share of it, both from one run.</summary>
static class BenchVerb
{
    static readonly Option<string?> Blas = new("--blas") { HelpName = "PATH", Description = "A CBLAS to compare with; the first that is installed if not given." };
    static readonly Argument<string?> RecipePath = new("RECIPE") { Description = "A recipe; lilLM-39M at 4 × 512 if not given.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<bool> Profile = new("--profile") { Description = "Also the time of every operation." };
    static readonly Option<double> Seconds = new("--seconds") { HelpName = "S", Description = "Time spent on each product.", DefaultValueFactory = _ => 0.5 };
    static readonly Option<int> Steps = Numbers.Count("--steps", "N", "Steps to time.", 1);

    public static Command Create() => new Verb("bench", "Measure matrix products or whole training steps.", "cria bench step")
    {
        new Verb("matmul", "The products of a training step, ours and a CBLAS's.", "cria bench matmul --blas libopenblas.so.0 --json")
        {
            Blas, Seconds, GlobalOptions.Json,
        }.Does(MatMul),
        new Verb("step", "Whole training steps and their share of the matmul peak.", "cria bench step --threads 2 --profile")
        {
            RecipePath, Set, Profile, Steps, Blas, GlobalOptions.Json,
        }.Does(Step),
    };

    static int MatMul(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        var kernels = KernelChoice.Best(threads);
        var blas = BlasLibrary.Find(parsed.GetValue(Blas));
        var bench = new MatMulBench(kernels, threads, blas);
        var results = new List<MatMulResult>();
        foreach (var shape in MatMulShape.OfStep(2048, 512, 512, 256, 1408, 8192))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(bench.Run(shape, parsed.GetValue(Seconds)));
            Output.Log($"{shape.M,5} × {shape.N,5} × {shape.K,5}{(shape.TransA ? " TN" : shape.TransB ? " NT" : " NN")}  {results[^1].Gflops:F0} GFLOP/s{string.Concat(results[^1].Libraries.Select(l => $", {l.Key} {l.Value:F0}"))}");
        }
        double fma = FmaPeak(threads);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Kernels = kernels.Name,
                Blas = blas.Select(b => b.Name),
                FmaPeakGflops = fma,
                Shapes = results.Select(r => new Dictionary<string, object?>
                {
                    ["m"] = r.Shape.M,
                    ["n"] = r.Shape.N,
                    ["k"] = r.Shape.K,
                    ["transA"] = r.Shape.TransA, // BLAS's own spelling
                    ["transB"] = r.Shape.TransB,
                    ["threads"] = r.Threads,
                    ["gflops"] = r.Gflops,
                    ["blas_gflops"] = r.BlasGflops,
                    ["libraries"] = r.Libraries,
                }),
            });
            return 0;
        }
        double ours = GeometricMean(results.Select(r => r.Gflops));
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, {kernels.Name}: geometric mean {ours:F1} GFLOP/s, {ours / fma:P1} of the FMA peak ({fma:F1})"));
        foreach (var library in blas)
        {
            double[] shares = [.. results.Select(r => r.Gflops / r.Libraries[library.Name])];
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{library.Name}: ours is {GeometricMean(shares):P0} of it over all shapes, {shares.Min():P0} in the worst"));
        }
        return 0;
    }

    static int Step(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        var recipe = (parsed.GetValue(RecipePath) is { } path
            ? RecipeOptions.Read(parsed, path, Set)
            : BuiltinRecipes.Read("lillm-39m.yaml", parsed.GetValue(Set) ?? [])).WithVocabulary();
        var kernels = KernelChoice.Best(threads);
        using var bench = new StepBench(recipe, kernels);
        var matmul = new MatMulBench(kernels, threads, BlasLibrary.Find(parsed.GetValue(Blas)));
        int count = parsed.GetValue(Steps) is > 0 and int given
            ? given
            : Math.Clamp((int)(2e12 / (bench.FlopsPerToken * bench.TokensPerStep)), 5, 200);
        bench.Step();
        bench.Step();
        if (parsed.GetValue(Profile))
            bench.Plan.Profile();
        var times = new List<double>();
        double peak = 0;
        long before = GC.GetTotalAllocatedBytes(precise: true), allocated = 0;
        for (int i = 0; i < count; i++) // the ceiling is measured between the steps: both see the same machine
        {
            cancellation.ThrowIfCancellationRequested();
            before = GC.GetTotalAllocatedBytes(precise: true);
            times.Add(bench.Step());
            allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
            if (i % Math.Max(1, count / 5) == 0)
                peak = Math.Max(peak, matmul.Peak(MatMulShape.OfStep(recipe), 0.03));
        }
        double seconds = MatMulBench.Median(times), rate = bench.TokensPerStep / seconds;
        var result = new StepResult(rate, bench.Parameters, bench.FlopsPerToken, StepBench.Formula, peak, FmaPeak(threads),
            rate * bench.FlopsPerToken / 1e9 / peak, Process.GetCurrentProcess().PeakWorkingSet64, allocated / count,
            seconds * 1000, threads, kernels.Name, recipe.Name);
        if (parsed.GetValue(Profile))
            Output.Log(PlanReport.Text(bench.Plan, count));
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(result);
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"""
                {result.Recipe}: {result.Parameters:N0} parameters, {bench.TokensPerStep:N0} tokens a step, {threads} threads ({kernels.Name})
                {rate:F0} tokens/s, {result.ShareOfMatmulPeak:P1} of the matmul peak ({peak:F0} GFLOP/s; FMA peak {result.FmaPeakGflops:F0})
                {seconds * 1000:F1} ms a step (median of {count}), {allocated / count} bytes allocated a step, {result.PeakMemoryBytes / 1e6:F0} MB at most
                """));
        return 0;
    }

    static double FmaPeak(int threads)
    {
        using var pool = new WorkerPool(threads);
        return MachinePeak.FmaGflops(pool);
    }

    static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
