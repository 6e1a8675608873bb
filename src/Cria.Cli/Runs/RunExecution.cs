using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Results;
using Cria.Reports;
using Cria.Training;
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
        RecipeRules.Check(recipe);
        int threads = options.Threads;
        using var folder = RunFolder.Open(path, options.Resume);
        var display = new LateObserver();
        using var run = new PretrainRun(recipe, folder, threads, [display], Output.Log, cancellation);
        double peak = RunMeasurement.PeakGflops(run.Recipe, run.Kernels, threads);
        var resolved = run.Recipe;
        Output.Log($"training {Human.Count(run.Model.Parameters.Count)} parameters for {RunLength.Of(resolved)} of {run.Trainer.TokensPerStep:N0} tokens " +
            $"on {threads} threads ({run.Kernels.Name}, {peak:F0} GFLOP/s); {Human.Bytes(run.Trainer.ArenaBytes)} of activations");
        using var stop = new StopAfterStep(options.Until, cancellation);
        display.Targets = [new LiveDisplay(run.Trainer.Planned.LastStep, run.FlopsPerToken, peak), stop];

        if (stop.IsReached(run.Trainer.Step) || !run.Train(stop.Token))
        {
            if (stop.IsReached(run.Trainer.Step) && !cancellation.IsCancellationRequested)
                return Milestone(run, folder, options, peak);
            Output.Log($"stopped after step {run.Trainer.Step:N0} of {RunLength.Of(resolved)}, which is saved; continue with --resume --out {path}");
            return Interruption.ExitCode;
        }
        var metrics = MetricsFile.Read(folder.Metrics);
        var measurement = new RunMeasurement(run, metrics.Seconds, peak, Output.Log);
        var result = options.Brief ? measurement.Loss() : measurement.Measure(Prompts(run));
        RunRecording.Write(run, folder.Path, result, threads);
        if (!options.Brief)
        {
            WholeFile.Write(folder.Samples, string.Concat(result.Samples.Select(sample => $"{sample.Prompt}{sample.Text}\n\n")));
            new RunReport(run, result, metrics).Save(folder.Report, folder.Curve);
        }
        if (options.Json)
            Output.Json(RunSummary.Of(result, folder));
        else
            Output.Line(RunSummary.Text(result, folder));
        return 0;
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
        var result = new RunMeasurement(run, MetricsFile.Read(folder.Metrics).Seconds, peak, Output.Log).Loss();
        RunRecording.Write(run, milestone, result, options.Threads);
        Output.Log($"stopped after step {step:N0} of {RunLength.Of(run.Recipe)}, as --until asks; --resume goes on");
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

    // The display needs what is known only after preparation, and the trainer its observers before.
    sealed class LateObserver : IObserver
    {
        public IReadOnlyList<IObserver> Targets { get; set; } = [];

        public void Stepped(StepMetrics metrics) => Tell(observer => observer.Stepped(metrics));

        public void Evaluated(EvaluationMetrics metrics) => Tell(observer => observer.Evaluated(metrics));

        public void Saved(string folder, int step) => Tell(observer => observer.Saved(folder, step));

        void Tell(Action<IObserver> news)
        {
            foreach (var target in Targets)
                news(target);
        }
    }
}
