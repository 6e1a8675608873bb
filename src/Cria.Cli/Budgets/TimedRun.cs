using System.Diagnostics;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>
/// One dial: text and a time. Everything else is planned, shown and kept in the run's folder, so that a run that goes on is never planned
/// twice. The time is all of it: reading, planning, the vocabulary, training, the last measurement.
/// </summary>
sealed class TimedRun(Recipe template, string path, double minutes, RunOptions options, CancellationToken cancellation)
{
    // What a byte or a token costs outside the steps, at least: reading, cleaning and packing; the trigram, the words and the page
    // at the end.
    const double PreparedBytesPerSecond = 6e6, ComparedTokensPerSecond = 2.5e6, ComparedBytesPerSecond = 2.5e7;

    /// <summary>The machine's peak before the first step, the samples and the page after the last.</summary>
    const double FixedSeconds = 4.5;

    /// <summary>A text that takes more of the time than this only to be read leaves too little to learn it.</summary>
    const double MostPreparation = 0.5;

    string Planned => PlannedIn(path);

    double Elapsed => (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;

    double Total => minutes * 60;

    /// <summary>Where a planned run keeps its recipe from before the first step on.</summary>
    public static string PlannedIn(string folder) => Path.Combine(folder, "planned.yaml");

    public int Run()
    {
        if (!File.Exists(Planned))
            Plan();
        else if (!options.Resume)
            throw new TrainingException($"{path} holds a planned run already; continue it with --resume, or choose another folder with --out.");
        return RunExecution.Run(RecipeFile.Read(Planned), path, options, cancellation);
    }

    void Plan()
    {
        using var folder = RunFolder.Open(path, options.Resume);
        Output.Log("looking at the text");
        var corpus = CorpusSurvey.Of(template, options.Threads, cancellation);
        double preparing = corpus.Bytes / PreparedBytesPerSecond;
        if (preparing > MostPreparation * Total)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture,
                $"{Human.Bytes(corpus.Bytes)} of text take about {Human.Duration(TimeSpan.FromSeconds(preparing))} to read and cut into tokens, which leaves too little of {minutes} minutes; say --minutes {Math.Ceiling(4 * preparing / 60):F0}, or give it less text."));
        double beside = Elapsed + preparing + After(corpus, corpus.BytesPerToken.Values.Max());
        var question = new PlanQuestion
        {
            Seconds = Math.Max(0.1, Total - beside),
            Corpus = corpus,
            Length = PlannedLength.For(corpus),
            MemoryBytes = BudgetMemory.Planned(),
        };
        Output.Log("measuring the machine");
        var plan = BudgetPlan.Of(question, template, options.Threads, cancellation);
        var pick = plan.Pick;
        var planned = PlannedRecipe.Of(template, pick, question.Seconds);
        _ = new CorpusPreparation(planned, folder.Data, options.Threads, Output.Log, cancellation).Run();

        // What preparation really took is known now.
        double left = Total - Elapsed - After(corpus, corpus.BytesPerToken[pick.Shape.Model.VocabSize]);
        if (left < 1)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture,
                $"{minutes} minutes are too little: reading and planning took {Elapsed:F1} s of them; say --minutes {Math.Ceiling((Total - left) * 4 / 60):F0}."));
        var last = new BudgetPlanner(question with { Seconds = left }, plan.Law)
            .Candidate(pick.Shape, pick.SecondsPerStep * pick.Shape.Rows / pick.TokensPerStep, isMeasured: true);
        var recipe = PlannedRecipe.Of(template, last, left);
        var memory = BudgetMemory.Of(recipe, options.Threads);
        Output.Log(BudgetText.Of(plan, recipe, memory));
        WholeFile.Write(Path.Combine(path, "plan.json"), Output.JsonText(BudgetJson.Of(plan, recipe, memory)));
        WholeFile.Write(Planned, RecipeFile.Text(recipe));
    }

    /// <summary>Seconds outside training: the peak before it, the comparison, samples and page after it.</summary>
    double After(CorpusSize corpus, double bytesPerToken) => options.Brief
        ? FixedSeconds / 2
        : FixedSeconds + corpus.Bytes / bytesPerToken / ComparedTokensPerSecond + corpus.Bytes / ComparedBytesPerSecond;
}
