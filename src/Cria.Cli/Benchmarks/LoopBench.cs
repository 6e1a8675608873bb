using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Trains a recipe as <c>cria train</c> does, with its data, guard, metrics.jsonl, TensorBoard's file, display and background
/// checkpoints, and says where the time of its steps went. It trains in two sittings, of which the first compiles the code and tells
/// how many steps the second has time for.
/// </summary>
/// <param name="recipe">Checked; where it names no text, it learns generated stories.</param>
/// <param name="threads">At least 1.</param>
/// <param name="folder">The run's, made here.</param>
sealed class LoopBench(Recipe recipe, int threads, string folder)
{
    const int WarmSteps = 2, TimedSteps = 3, FewestSteps = 8, MostSteps = 1_000_000;

    /// <summary>Of the steps that are timed, even where the recipe would have none so early.</summary>
    const int Checkpoints = 4;

    static readonly SynthRecipe Stories = new() { Stories = 4000, ValidationStories = 40 };

    /// <param name="steps">To be timed; 0 for as many as <paramref name="seconds"/> have room for.</param>
    /// <param name="seconds">About how long they may take.</param>
    public LoopResult Run(int steps, double seconds, CancellationToken cancellation)
    {
        var lasting = recipe with { Steps = MostSteps, Stop = null, Data = WithText(recipe.Data) };
        int begun = WarmSteps + TimedSteps;
        var timed = Train(lasting, WarmSteps, begun, cancellation);
        int count = steps > 0 ? steps : (int)Math.Max(FewestSteps, seconds * 1000 / timed.StepMilliseconds);
        int pace = recipe.Checkpoint.Every == 0 ? 0 : Math.Min(recipe.Checkpoint.Every, Math.Max(1, count / Checkpoints));
        int first = begun + WarmSteps;
        return Train(lasting with { Checkpoint = recipe.Checkpoint with { Every = pace } },
            first, Math.Min(first + count, MostSteps - 1), cancellation);
    }

    static DataRecipe WithText(DataRecipe data) =>
        data.Synth is null && data.Train.Length == 0 && data.Mixture.Length == 0 ? data with { Synth = Stories } : data;

    LoopResult Train(Recipe sitting, int first, int last, CancellationToken cancellation)
    {
        using var held = RunFolder.Open(folder, resume: true);
        var audience = new Audience();
        using var run = new PretrainRun(sitting, held, threads, [audience], Output.Log, cancellation);
        var watch = new PhaseWatch(run.Trainer.Clock, first, last);
        audience.Add(watch);
        using var stop = new StopAfterStep(last, cancellation);
        double peak = RunMeasurement.PeakGflops(run.Recipe, run.Kernels, threads);
        RunExecution.Train(run, held, threads, peak, audience, stop, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return LoopResult.Of(run, watch, threads, recipe.Checkpoint.Every);
    }
}
