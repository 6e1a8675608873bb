using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Records;

/// <summary>Whether the two files of an entry can be true: they fit each other, the arithmetic and the track's rules.</summary>
static class EntryCheck
{
    const double Same = 1e-12; // relative

    /// <param name="records">The folder of the records.</param>
    /// <param name="folder">The entry's.</param>
    /// <returns>What the files say.</returns>
    /// <exception cref="TrainingException">They cannot be true; the message says why.</exception>
    public static (RecordEntry Entry, Recipe Recipe, Track Track) Read(string records, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var tracks = TrackList.Read(records);
        var entry = RecordEntry.Read(folder);
        if (tracks.Tracks.FirstOrDefault(one => one.Name == entry.Track) is not { } track)
            throw new TrainingException($"{folder} is an entry to track '{entry.Track}', and {TrackList.FileName} has no such track.");
        string file = Path.Combine(folder, RecordEntry.RecipeName);
        if (!File.Exists(file))
            throw new TrainingException($"{file} does not exist; an entry is its recipe and its figures.");
        var recipe = RecipeFile.Read(file);
        if (Sha256.Of(File.ReadAllText(file).ReplaceLineEndings("\n")) != entry.RecipeSha256)
            throw new TrainingException($"{file} is not the recipe that {RecordEntry.FileName} names: its sha256 differs; restore it, or record the entry again.");
        TrackRules.Check(recipe, track);
        TrackRun.CheckTime(track, entry.Seconds);
        return Fault(entry, recipe, tracks, track, folder) is { } fault
            ? throw new TrainingException($"{Path.Combine(folder, RecordEntry.FileName)}: {fault}; record the entry again.")
            : (entry, recipe, track);
    }

    static string? Fault(RecordEntry entry, Recipe recipe, TrackList tracks, Track track, string folder)
    {
        string train = track.FirstBytes > 0 ? track.FirstSha256 : tracks.Corpus.Train.Sha256;
        if (!EntryName.IsOne(entry.Name) || Path.GetFileName(folder) != entry.FolderName)
            return $"the folder of this entry is called {entry.FolderName}, and not {Path.GetFileName(folder)}";
        if (entry.TrainSha256 != train || entry.ValidationSha256 != tracks.Corpus.Validation.Sha256)
            return $"it was made on another text than track {track.Name} has now";
        if (entry.Steps < 1 || entry.Tokens < 1 || entry.Parameters < 1 || entry.FlopsPerToken < 1 || entry.ValidationTokens < 1
            || entry.ValidationBytes < 1 || !(entry.Nats > 0) || !(entry.Seconds > 0) || !(entry.PeakGflops >= 0))
            return "a figure is not above 0";
        if (!Equal(entry.BitsPerByte, entry.Nats / Math.Log(2) / entry.ValidationBytes))
            return $"{entry.BitsPerByte} bits per byte are not {entry.Nats} nats / ln 2 / {entry.ValidationBytes} bytes";
        if (!Equal(entry.Flops, (double)entry.Tokens * entry.FlopsPerToken))
            return $"{entry.Flops:0.###e0} FLOPs are not {entry.Tokens} tokens × {entry.FlopsPerToken}";
        if (entry.Tokens > (double)entry.Steps * recipe.Batch.TokensPerStep)
            return $"{entry.Tokens} tokens are more than {entry.Steps} steps of {recipe.Batch.TokensPerStep}";
        if (entry.Threads != track.Threads)
            return $"it was trained on {entry.Threads} threads, and track {track.Name} has {track.Threads}";
        if (entry.Seed != recipe.Seed)
            return $"its seed is {entry.Seed}, and the recipe's {recipe.Seed}";
        return Plan(entry, recipe);
    }

    static string? Plan(RecordEntry entry, Recipe recipe)
    {
        int last = recipe.Stop?.Time is null ? recipe.Steps : entry.Estimates is [.., var newest] ? newest.LastStep : 0;
        if (last != entry.Steps)
            return $"the run was planned to end after step {last}, and the entry has {entry.Steps} steps";
        int before = -1;
        foreach (var estimate in entry.Estimates)
        {
            if (estimate.AtStep < before || estimate.LastStep < estimate.AtStep || estimate.LastStep < 1)
                return "its estimates of the last step are out of order";
            before = estimate.AtStep;
        }
        return null;
    }

    static bool Equal(double x, double y) => Math.Abs(x - y) <= Same * Math.Max(Math.Abs(x), Math.Abs(y));
}
