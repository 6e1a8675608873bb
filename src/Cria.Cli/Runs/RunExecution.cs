using Cria.Cli.Frame;
using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>Carries a recipe from text to report; what <c>train</c> and <c>quickstart</c> share.</summary>
static class RunExecution
{
    /// <param name="recipe">As written.</param>
    /// <param name="path">The run's folder.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="json">Print the result as JSON instead of words.</param>
    public static int Run(Recipe recipe, string path, bool resume, int threads, bool json, CancellationToken cancellation)
    {
        RecipeRules.Check(recipe);
        using var folder = RunFolder.Open(path, resume);
        var display = new LateObserver();
        using var run = new PretrainRun(recipe, folder, threads, [display], Output.Log, cancellation);
        double peak = RunMeasurement.PeakGflops(run.Recipe, run.Kernels, threads);
        var resolved = run.Recipe;
        Output.Log($"training {Human.Count(run.Model.Parameters.Count)} parameters for {resolved.Steps:N0} steps of {run.Trainer.TokensPerStep:N0} tokens " +
            $"on {threads} threads ({run.Kernels.Name}, {peak:F0} GFLOP/s); {Human.Bytes(run.Trainer.ArenaBytes)} of activations");
        display.Target = new LiveDisplay(resolved.Steps, run.FlopsPerToken, peak);

        if (!run.Train(cancellation))
        {
            Output.Log($"stopped after step {run.Trainer.Step:N0} of {resolved.Steps:N0}, which is saved; continue with --resume --out {path}");
            return Interruption.ExitCode;
        }
        var metrics = MetricsFile.Read(folder.Metrics);
        var result = new RunMeasurement(run, Output.Log).Measure(Prompts(run), metrics.Seconds, peak);
        WholeFile.Write(folder.Samples, string.Concat(result.Samples.Select(sample => $"{sample.Prompt}{sample.Text}\n\n")));
        new RunReport(run, result, metrics).Save(folder.Report, folder.Curve);
        if (json)
            Output.Json(RunSummary.Of(result, folder));
        else
            Output.Line(RunSummary.Text(result, folder));
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
    sealed class LateObserver : Training.IObserver
    {
        public Training.IObserver? Target { get; set; }

        public void Stepped(Training.StepMetrics metrics) => Target?.Stepped(metrics);

        public void Evaluated(Training.EvaluationMetrics metrics) => Target?.Evaluated(metrics);

        public void Saved(string folder, int step) => Target?.Saved(folder, step);
    }
}
