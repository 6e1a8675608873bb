using System.Text.Json;

namespace Cria.Data.Corpora;

/// <summary>
/// The files <c>work/NAME.json</c>: what a build has begun and finished, and which files and folders of the corpus are its own. Nothing
/// else is ever removed or written over.
/// </summary>
/// <param name="folder">The corpus.</param>
sealed class StageMarkers(string folder)
{
    /// <summary>The marker of the build itself: it is there as soon as anything is made.</summary>
    public const string Build = "build";

    const long MaxBytes = 1 << 26;

    /// <summary>The names of all markers that there are, also of stages that have left the recipe.</summary>
    public string[] Names => Directory.Exists(InFolder(CorpusBuild.Work))
        ? [.. Directory.GetFiles(InFolder(CorpusBuild.Work), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => Find(name) is not null)]
        : [];

    /// <summary>A marker; null if there is none, or none that can be read.</summary>
    public StageMarker? Find(string name)
    {
        try
        {
            var file = new FileInfo(PathOf(name));
            if (!file.Exists || file.Length > MaxBytes)
                return null;
            StageMarker? marker = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), CorpusJson.Default.StageMarker);
            return marker is { Outputs: not null, Key: not null } && marker.Outputs.All(IsInside) ? marker : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null; // what cannot be read was not finished
        }
    }

    /// <summary>Says that these outputs are going to be made.</summary>
    public void Begin(string name, IEnumerable<string> outputs) => Write(name, new StageMarker("", null, [.. outputs]));

    /// <summary>Says that they are made.</summary>
    public void Finish(string name, string key, StageReport report, IEnumerable<string> outputs) =>
        Write(name, new StageMarker(key, report, [.. outputs]));

    /// <summary>Removes what a marker names, then the marker; killed in between, it can be done again.</summary>
    public void Undo(string name)
    {
        if (Find(name) is not { } marker)
            return;
        Begin(name, marker.Outputs); // a stage without its outputs must not count as done
        Remove(marker.Outputs);
        File.Delete(PathOf(name));
    }

    /// <summary>Removes outputs, whole or half written.</summary>
    public void Remove(IEnumerable<string> outputs)
    {
        foreach (string path in outputs.Select(InFolder))
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            File.Delete(path);
            File.Delete(path + ".tmp");
        }
    }

    public bool Exists(string output) => Path.Exists(InFolder(output));

    /// <summary>Stops where something lies in the way that no build has made.</summary>
    /// <param name="names">The markers that are going to be written.</param>
    /// <param name="outputs">The files and folders that are going to be made.</param>
    /// <exception cref="DataException">One of them is somebody's.</exception>
    public void RefuseOthers(IEnumerable<string> names, IEnumerable<string> outputs)
    {
        string[] own = Find(Build) is null ? [] : Names;
        HashSet<string> made = [.. own.SelectMany(name => Find(name)?.Outputs ?? [])];
        IEnumerable<string> markers = names.Except(own).Select(name => $"{CorpusBuild.Work}/{name}.json");
        if (markers.Concat(outputs.Where(output => !made.Contains(output))).FirstOrDefault(Exists) is { } other)
        {
            throw new DataException($"{InFolder(other)} is in the way: no build of a corpus has made it, and nothing is written over it; " +
                "move it away or choose another folder with --out.");
        }
    }

    string InFolder(string output) => Path.Combine(folder, output);

    string PathOf(string name) => Path.Combine(folder, CorpusBuild.Work, name + ".json");

    // A marker is a file that anybody may have written.
    bool IsInside(string output)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        if (string.IsNullOrWhiteSpace(output) || output.Contains('\0', StringComparison.Ordinal))
            return false;
        string path = Path.GetFullPath(Path.Combine(root, output));
        return path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal);
    }

    void Write(string name, StageMarker marker) =>
        DurableFile.Write(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(marker, CorpusJson.Default.StageMarker));
}

/// <summary>A stage that is begun or done.</summary>
/// <param name="Key">What it was made from; empty while it is not done.</param>
/// <param name="Report">What it did; null while it is not done.</param>
/// <param name="Outputs">The files and folders that are its own, relative to the corpus.</param>
sealed record StageMarker(string Key, StageReport? Report, string[] Outputs);
