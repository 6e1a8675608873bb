using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Pages;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Engine.Tensors;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>Carries a recipe from text to report; what <c>train</c> and <c>quickstart</c> share.</summary>
static class RunExecution
{
    /// <param name="recipe">As written.</param>
    /// <param name="path">The run's folder.</param>
    /// <param name="options">How.</param>
    public static int Run(Recipe recipe, string path, RunOptions options, CancellationToken cancellation)
    {
        if (recipe.Chain is not null)
            return ChainExecution.Run(recipe, path, options, cancellation);
        RecipeRules.Check(recipe);
        using var folder = RunFolder.Open(path, options.Resume);
        bool isPrepared = false;
        try
        {
            var audience = new Audience(); // who looks on needs what is known only after preparation
            using var run = new PretrainRun(recipe, folder, options.Threads, [audience], Output.Log, cancellation, options.Estimates);
            isPrepared = true;
            return Run(run, folder, path, options, audience, cancellation);
        }
        catch (Exception e) when (isPrepared && e is IOException or UnauthorizedAccessException or CheckpointException)
        {
            // Here the run is closed, and what it was still writing is there or not.
            throw new TrainingException($"{Failure.Sentence(e)} {HowToGoOn(folder, path)}");
        }
    }

    static int Run(PretrainRun run, RunFolder folder, string path, RunOptions options, Audience audience, CancellationToken cancellation)
    {
        int threads = options.Threads;
        double peak = RunMeasurement.PeakGflops(run.Recipe, run.Kernels, threads);
        var resolved = run.Recipe;
        Output.Log($"training {Human.Count(run.Model.Parameters.Count)} parameters for {RunLength.Of(resolved)}, {run.Trainer.TokensPerStep:N0} tokens a step, " +
            $"on {threads} {(threads == 1 ? "thread" : "threads")} ({run.Kernels.Name}, {peak:F0} GFLOP/s); {Human.Bytes(run.Trainer.ArenaBytes)} of activations");
        using var stop = new StopAfterStep(options.Until, cancellation);
        bool isFinished = Train(run, folder, threads, peak, audience, stop, cancellation);
        if (!isFinished)
        {
            if (stop.IsReached(run.Trainer.Step) && !cancellation.IsCancellationRequested)
                return Milestone(run, folder, options, peak);
            Output.Log($"stopped after step {run.Trainer.Step:N0} of {RunLength.Whole(resolved)}, which is saved; continue with --resume --out {path}");
            return Interruption.ExitCode;
        }
        var metrics = MetricsFile.Read(folder.Metrics);
        var measurement = new RunMeasurement(run, metrics.Seconds, peak, Output.Log);
        var result = options.Brief ? measurement.Loss() : measurement.Measure(Prompts(run));
        RunRecording.Write(run, folder.Path, result, threads);
        if (!options.Brief)
        {
            WholeFile.Write(folder.Samples, string.Concat(result.Samples.Select(sample => $"{sample.Prompt}{sample.Text}\n\n")));
            RunPage.Save(RecordedRun.Open(folder.Path), folder.Report, folder.Curve);
        }
        if (options.Silent)
            return 0;
        if (options.Json)
            Output.Json(RunSummary.Of(result, folder));
        else
            Output.Line(RunSummary.Text(result, folder));
        return 0;
    }

    static string HowToGoOn(RunFolder folder, string path) =>
        (Directory.Exists(folder.Model) ? "The model is trained and saved"
            : CheckpointFolder.NewestStep(folder.Checkpoints) is { } step ? $"The last saved step is {step:N0}"
            : "No step is saved yet") + $"; when that is mended, continue with --resume --out {path}.";

    /// <summary>Trains before the eyes of everybody who looks on at a run: TensorBoard's file, the display, samples.</summary>
    /// <param name="run">Prepared.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="peak">As <see cref="RunMeasurement.PeakGflops"/> measured it.</param>
    /// <param name="audience">The run's; they join it.</param>
    /// <param name="stop">Asks it to stop.</param>
    /// <returns>False where it was stopped before its end.</returns>
    public static bool Train(
        PretrainRun run, RunFolder folder, int threads, double peak, Audience audience, StopAfterStep stop,
        CancellationToken cancellation)
    {
        if (stop.IsReached(run.Trainer.Step))
            return false;
        using var board = new DispensableObserver(
            TensorBoardLog.Rebuild(folder.Path, RecipeFile.Text(run.Recipe), folder.Metrics), "TensorBoard's file", Output.Log);
        using var block = Output.HasTerminal ? LiveBlock.OnTerminal() : null;
        using var display = new LiveDisplay(block, Output.Log, cancellation);
        audience.Add(board);
        audience.Add(display);
        audience.Add(stop);
        audience.Add(new SampleObserver(run.Recipe.Sample.Every, () => Prompts(run), run.Sample, run.Everybody));
        Output.LogAbove(block);
        if (run.Recipe.Stop?.Time is { } time)
            display.EndsIn(time.TotalSeconds - run.Trainer.Seconds);
        try
        {
            if (run.Trainer.Step < run.Trainer.Planned.LastStep)
                run.Everybody.Started(RunSession.Of(run, threads, peak));
            return run.Train(stop.Token);
        }
        finally
        {
            Output.LogAbove(null);
        }
    }

    // Where a sweep looks how far a run has come that may go on later.
    static int Milestone(PretrainRun run, RunFolder folder, RunOptions options, double peak)
    {
        int step = options.Until!.Value;
        string milestone = folder.Milestone(step);
        if (run.Trainer.Step > step && !ResultFile.Is(milestone))
            throw new TrainingException($"{folder.Path} is past step {step:N0} already, at {run.Trainer.Step:N0}, and what it was there was not measured; " +
                "leave --until out, or name a later step.");
        if (run.Trainer.Step > step)
            return 0;
        run.Trainer.Adopt();
        var result = new RunMeasurement(run, MetricsFile.Read(folder.Metrics).Seconds, peak, Output.Log).Loss();
        RunRecording.Write(run, milestone, result, options.Threads);
        Output.Log($"stopped after step {step:N0} of {RunLength.Whole(run.Recipe)}, as --until asks; --resume goes on");
        if (options.Json)
            Output.Json(new { Step = step, Loss = result.Model.NatsPerToken, result.Model.BitsPerByte, Result = ResultFile.In(milestone) });
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"step {step}: {result.Model.NatsPerToken:F4} nats a token, {result.Model.BitsPerByte:F4} bits per byte; {ResultFile.In(milestone)}"));
        return 0;
    }

    // The recipe's prompts; else the beginnings of documents that the model has not seen.
    static IReadOnlyList<string> Prompts(PretrainRun run)
    {
        if (run.Recipe.Sample.Prompts.Length > 0)
            return run.Recipe.Sample.Prompts;
        if (run.Recipe.Data.Synth is { } synth)
            return new Data.Stories.StoryGenerator(synth.Seed).Prompts(4);
        return HeldOutBeginnings.Of(run.ValidationDocuments(), run.Corpus.Tokenizer, count: 4);
    }
}
