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

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench step</c>: whole training steps, and their share of what the machine could do.</summary>
static class BenchStepVerb
{
    static readonly Argument<string?> RecipePath = new("RECIPE") { Description = "A recipe; lilLM-39M at 4 × 512 if not given.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<bool> Profile = new("--profile") { Description = "Also the time of every operation." };
    static readonly Option<int> Steps = Numbers.Count("--steps", "N", "Steps to time.", 1);
    static readonly Option<string?> Blas = BenchVerb.Blas();

    public static Command Create() => new Verb("step", "Whole training steps and their share of the matmul peak.", "cria bench step --threads 2 --profile")
    {
        RecipePath, Set, Profile, Steps, Blas, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
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
        var result = new StepResult(rate, bench.Parameters, bench.FlopsPerToken, StepBench.Formula, peak, Ceiling.FmaGflops(threads),
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
}
