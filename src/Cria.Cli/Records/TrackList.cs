using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Training;

namespace Cria.Cli.Records;

/// <summary>tracks.yaml: what entries are trained on, and the kinds of entries.</summary>
sealed record TrackList
{
    public const string FileName = "tracks.yaml";

    const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required CorpusPair Corpus { get; init; }

    public required Track[] Tracks { get; init; }

    /// <param name="folder">Where the records are.</param>
    /// <exception cref="TrainingException">There is no such file, or a value in it is out of range.</exception>
    public static TrackList Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new TrainingException($"{path} does not exist; run this in a checkout of the repository, or name its folder with --records.");
        var list = RecipeFile.Read<TrackList>(path);
        if (list.Version != CurrentVersion)
            throw new TrainingException($"{path} has version {list.Version}, and this program reads version {CurrentVersion}.");
        foreach (var track in list.Tracks)
            track.Check(path);
        return list;
    }

    public Track Find(string name) => Tracks.FirstOrDefault(track => track.Name == name)
        ?? throw new UsageException($"there is no track '{name}'; {NearestName.Hint(name, [.. Tracks.Select(track => track.Name)])}");
}

sealed record CorpusPair
{
    public required CorpusText Train { get; init; }

    public required CorpusText Validation { get; init; }
}

/// <summary>A text that must be this one to the byte.</summary>
sealed record CorpusText
{
    /// <summary>A path below the folder that CRIA_DATA names.</summary>
    public required string File { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }
}

/// <summary>What entries of a kind have in common.</summary>
sealed record Track
{
    public required string Name { get; init; }

    /// <summary>The most that a run may take, as <c>stop.time</c> counts it.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>How much a run may be later: its plan ends on a whole step, and the last one may be slow.</summary>
    public TimeSpan Grace { get; init; }

    public int Threads { get; init; } = 2;

    /// <summary>Only so many bytes of the training text, from its beginning; 0 takes all.</summary>
    public long FirstBytes { get; init; }

    /// <summary>Of these bytes.</summary>
    public string FirstSha256 { get; init; } = "";

    /// <summary>Bits per byte by which an entry must be better than the record to be the next; 0 until it is measured.</summary>
    public double Noise { get; init; }

    public void Check(string path)
    {
        if (!EntryName.IsOne(Name))
            throw new TrainingException($"{path} names a track '{Name}'; expected {EntryName.Expected}.");
        if (Time < TimeSpan.FromSeconds(1) || Grace < TimeSpan.Zero || Threads < 1 || FirstBytes < 0 || !(Noise >= 0))
            throw new TrainingException($"{path}: a number of track {Name} is out of range; time is a second at least, threads are 1 at least, nothing is below 0.");
    }
}
