using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Records;

/// <summary>From a recipe to an entry's folder.</summary>
/// <param name="records">The folder of the records.</param>
/// <param name="track">Of its tracks.</param>
/// <param name="name">The entry's.</param>
sealed class EntryRun(string records, string track, string name)
{
    /// <param name="recipe">As it was handed in.</param>
    /// <param name="folder">The run's.</param>
    /// <param name="resume">Go on with what is there.</param>
    /// <returns>The entry and its folder; null if the run was interrupted.</returns>
    public (RecordEntry Entry, string Folder)? Train(Recipe recipe, string folder, bool resume, CancellationToken cancellation)
    {
        var tracks = TrackList.Read(records);
        var rules = tracks.Find(track);
        if (Directory.Exists(Path.Combine(records, track))
            && Directory.EnumerateDirectories(Path.Combine(records, track), $"????-??-??-{name}").FirstOrDefault() is { } taken)
            throw new TrainingException($"{taken} exists already and is not overwritten; choose another --name.");
        TrackRules.Check(recipe, rules);
        var run = new TrackRun(rules, TrackCorpus.Open(tracks, rules, Path.Combine(folder, "corpus")), folder);
        if (!run.Train(recipe, null, resume, cancellation))
            return null;
        run.CheckTime();
        string text = RecipeFile.Text(run.Recipe with { Data = run.Recipe.Data with { Train = [], Validation = [] } });
        var entry = Entry(run, rules, tracks, text);
        string place = Path.Combine(records, track, entry.FolderName);
        Directory.CreateDirectory(Path.Combine(records, track));
        Write(place, text, entry);
        EntryCheck.Read(records, place);
        return (entry, place);
    }

    // Both files or neither; what stands there was refused above.
    static void Write(string place, string recipe, RecordEntry entry)
    {
        string temporary = place + ".tmp";
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        WholeFile.Write(Path.Combine(temporary, RecordEntry.RecipeName), recipe);
        WholeFile.Write(Path.Combine(temporary, RecordEntry.FileName), entry.Text());
        Directory.Move(temporary, place);
    }

    RecordEntry Entry(TrackRun run, Track rules, TrackList tracks, string recipe)
    {
        var result = run.Result;
        var held = result.Validation;
        return new()
        {
            Track = track,
            Name = name,
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
            BitsPerByte = held.Nats / Math.Log(2) / held.Bytes,
            Nats = held.Nats,
            ValidationTokens = held.Tokens,
            ValidationBytes = held.Bytes,
            Seconds = result.ClockSeconds,
            Steps = result.Steps,
            Tokens = result.Tokens,
            Parameters = result.Parameters,
            FlopsPerToken = result.FlopsPerToken,
            Flops = result.TrainingFlops,
            Seed = result.Seed,
            Estimates = run.Recipe.Stop?.Time is null ? [] : Estimates(run.Metrics),
            Threads = result.Threads,
            Kernels = result.Kernels,
            Machine = result.Machine,
            PeakGflops = run.Metrics.Session.PeakGflops,
            Program = result.Program,
            TrainSha256 = rules.FirstBytes > 0 ? rules.FirstSha256 : tracks.Corpus.Train.Sha256,
            ValidationSha256 = tracks.Corpus.Validation.Sha256,
            RecipeSha256 = Sha256.Of(recipe),
            ModelSha256 = run.ModelSha256,
        };
    }

    // As StepPlan keeps them: one that was made later than a step that the run went back to is void.
    static List<StepEstimate> Estimates(MetricsFile metrics)
    {
        var plan = new StepPlan([]);
        foreach (var happened in metrics.Events)
            if (happened.Name == "replanned" && happened.Figure("planned_steps") is var last and > 0)
                plan.Estimate(happened.Step, (int)last);
        return [.. plan.Estimates];
    }
}
