using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench step</c>: whole training steps, and their share of what the machine could do.</summary>
static class BenchStepVerb
{
    static readonly Argument<string?> RecipePath = new("RECIPE")
    {
        Description = "A recipe; lilLM-39M at 4 × 512 if not given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<bool> Profile = new("--profile") { Description = "Also the time of every operation, and of each kind of them." };
    static readonly Option<bool> Scaling = new("--scaling") { Description = "Steps on one thread and on all in turns, and what the others add." };
    static readonly Option<int> Steps = Numbers.Count("--steps", "N", "Steps to time.", 1, example: 20);
    static readonly Option<bool> Cold = new("--cold") { Description = "Time the first step too, without two before it to warm up: one step of a large model." };
    static readonly Option<string?> Blas = BenchVerb.Blas();

    public static Command Create() => new Verb("step", "Whole training steps and their share of the matmul peak.", "cria bench step --threads 2 --profile")
    {
        RecipePath, Set, Profile, Scaling, Steps, Cold, Blas, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = parsed.GetValue(RecipePath) is { } path
            ? RecipeOptions.Read(parsed, path, Set)
            : BuiltinRecipes.Read("lillm-39m.yaml", parsed.GetValue(Set) ?? []);
        return parsed.GetValue(Scaling) ? Scale(parsed, recipe, cancellation) : Measure(parsed, recipe, cancellation);
    }

    static int Measure(ParseResult parsed, Recipe recipe, CancellationToken cancellation)
    {
        using var timing = Timing(parsed, recipe, parsed.ThreadCount());
        Take([timing], cancellation);
        var result = timing.Result();
        if (result.Profile is { } profile)
            Output.Log($"{PlanReport.Text(timing.Plan, timing.Steps)}\n{profile.Text()}");
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(result);
        else
            Output.Line(Text(result));
        return 0;
    }

    static int Scale(ParseResult parsed, Recipe recipe, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        if (threads < 2)
            throw new UsageException("--scaling compares one thread with several; there is only one. Say --threads N.");
        using StepTiming alone = Timing(parsed, recipe, 1), together = Timing(parsed, recipe, threads);
        Take([alone, together], cancellation);
        StepResult one = alone.Result(), all = together.Result();
        double speedUp = all.TokensPerSecond / one.TokensPerSecond, fmaSpeedUp = all.FmaPeakGflops / one.FmaPeakGflops;
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { SpeedUp = speedUp, FmaPeakSpeedUp = fmaSpeedUp, Threads = threads, OneThread = one, AllThreads = all });
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{Text(one)}\n{Text(all)}\n{threads} threads are {speedUp:F2} × one; the FMA peak is {fmaSpeedUp:F2} ×"));
        return 0;
    }

    static StepTiming Timing(ParseResult parsed, Recipe recipe, int threads) =>
        new(recipe, threads, parsed.GetValue(Steps), parsed.GetValue(Profile), BlasLibrary.Find(parsed.GetValue(Blas)),
            parsed.GetValue(Cold));

    /// <summary>The steps of several timings in turns.</summary>
    static void Take(IReadOnlyList<StepTiming> timings, CancellationToken cancellation)
    {
        for (int i = 0; i < timings[0].Steps; i++)
            foreach (var timing in timings)
            {
                cancellation.ThrowIfCancellationRequested();
                timing.Take();
            }
    }

    static string Text(StepResult r) => string.Create(CultureInfo.InvariantCulture, $"""
        {r.Recipe}: {r.Parameters:N0} parameters, {r.TokensPerStep:N0} tokens a step, {r.Threads} threads ({r.Kernels})
        {r.TokensPerSecond:F0} tokens/s, {r.ShareOfMatmulPeak:P1} of the matmul peak ({r.MatmulPeakGflops:F0} GFLOP/s), {r.ShareOfFmaPeak:P1} of the FMA peak ({r.FmaPeakGflops:F0})
        {r.StepMilliseconds:F1} ms a step (median of {r.Steps}), {r.AllocatedBytesPerStep} bytes allocated a step, {r.PeakMemoryBytes / 1e6:F0} MB at most ({r.PredictedBytes / 1e6:F0} predicted)
        {r.Overhead.LoopsPerStep:F0} loops shared among the threads and {r.Overhead.WakeupsPerStep:F1} wake-ups a step: {r.Overhead.MillisecondsPerStep:F2} ms, {r.Overhead.MillisecondsPerStep / r.StepMilliseconds:P1} of it
        """);
}
