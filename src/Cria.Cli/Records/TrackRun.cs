using System.Globalization;
using System.Text;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Evaluation.Scoring;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Records;

/// <summary>Trains a recipe on a track, and believes nothing of the result that it can measure again.</summary>
/// <param name="track">Of the tracks.</param>
/// <param name="corpus">Checked.</param>
/// <param name="folder">The run's.</param>
sealed class TrackRun(Track track, TrackCorpus corpus, string folder)
{
    const double SameNats = 1e-6; // relative: the saved weights are those that were measured

    /// <summary>What the run wrote, once <see cref="Train"/> has returned true.</summary>
    public FinishedRun Result { get; private set; } = null!;

    public MetricsFile Metrics { get; private set; } = null!;

    /// <summary>The recipe with everything decided.</summary>
    public Recipe Recipe { get; private set; } = null!;

    public string ModelSha256 { get; private set; } = "";

    /// <param name="recipe">As it was handed in.</param>
    /// <param name="estimates">Of the run that is trained again; null for a first one.</param>
    /// <param name="resume">Go on with what is in the folder.</param>
    /// <returns>False if it was interrupted; what is there is saved.</returns>
    /// <exception cref="TrainingException">The recipe breaks a rule, or the result is not what it says.</exception>
    public bool Train(Recipe recipe, IReadOnlyList<StepEstimate>? estimates, bool resume, CancellationToken cancellation)
    {
        var entered = TrackRules.Enter(recipe, track, corpus);
        RunOptions options = new() { Resume = resume, Threads = track.Threads, Brief = true, Silent = true, Estimates = estimates };
        if (RunExecution.Run(entered, folder, options, cancellation) != 0)
            return false;
        Result = ResultFile.Read(ResultFile.In(folder));
        Metrics = MetricsFile.Read(new RunFiles(folder).Metrics);
        Recipe = RecipeFile.Read(new RunFiles(folder).Recipe);
        CheckMetrics();
        MeasureAgain();
        return true;
    }

    void CheckMetrics()
    {
        if (Metrics.Steps is not [.., var last] || last.Step != Result.Steps || (long)last.Tokens != Result.Tokens)
            throw new TrainingException($"{folder}: metrics.jsonl and {ResultFile.Name} do not tell of the same steps and tokens; train again in another folder.");
        if (Metrics.Evaluations is not [.., var held] || held.Step != Result.Steps)
            throw new TrainingException($"{folder}: metrics.jsonl has no evaluation after step {Result.Steps:N0}; train again in another folder.");
        if (Result.ClockSeconds < Metrics.Seconds)
            throw new TrainingException($"{folder}: the steps of metrics.jsonl took {Metrics.Seconds:F1} seconds, and {ResultFile.Name} says {Result.ClockSeconds:F1}; train again in another folder.");
    }

    // From the files that were saved, on text that was read again.
    void MeasureAgain()
    {
        Output.Log("measuring the saved model again");
        using var model = new OpenedModel(folder, track.Threads);
        var stream = TokenStreams.Open(Path.Combine(folder, "data", "validation"), model.Tokenizer);
        using var opened = stream as IDisposable;
        int length = Recipe.Data.SequenceLength;
        using var scorer = new ModelScorer(model.Model, model.Kernels, length);
        var (losses, nats) = ChunkLosses.Measure(scorer, stream, length);
        var held = Result.Validation;
        if (losses.TotalTokens != held.Tokens || !(Math.Abs(nats - held.Nats) <= SameNats * held.Nats))
            throw new TrainingException($"{folder}: the saved model has {nats:F4} nats on {losses.TotalTokens:N0} tokens of the held-out text, and {ResultFile.Name} says " +
                $"{held.Nats:F4} on {held.Tokens:N0}; train again in another folder.");
        long bytes = new CorpusCleaner(CleaningRecipe.Basic, threads: track.Threads).Clean(DocumentReader.Open([corpus.Validation]))
            .Sum(document => (long)Encoding.UTF8.GetByteCount(document.Text));
        if (bytes != held.Bytes)
            throw new TrainingException($"{folder}: the held-out text has {bytes:N0} bytes, and {ResultFile.Name} measures {held.Bytes:N0}; train again in another folder.");
        ModelSha256 = Sha256.OfFile(Path.Combine(new RunFiles(folder).Model, "model.safetensors"));
    }

    /// <exception cref="TrainingException">It took longer than the track allows.</exception>
    public void CheckTime() => CheckTime(track, Result.ClockSeconds);

    /// <inheritdoc cref="CheckTime()"/>
    public static void CheckTime(Track track, double seconds)
    {
        if (!(seconds <= (track.Time + track.Grace).TotalSeconds))
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture,
                $"the run took {seconds:F1} seconds, and track {track.Name} allows {track.Time.TotalSeconds:F0}; train shorter, or leave steps and stop out, and the time is kept by itself."));
    }
}
