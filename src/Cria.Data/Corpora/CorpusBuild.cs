using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cria.Data.Corpora;

/// <summary>
/// Does the stages of a corpus one after the other. A stage that an earlier start has finished, from the same recipe and the same
/// files, is not done again; one that was interrupted is.
/// </summary>
/// <param name="folder">The corpus, which is this process's alone.</param>
/// <param name="threads">Threads to work on.</param>
/// <param name="tell">Hears of every stage as it begins.</param>
/// <param name="cancellation">Stops between and within stages.</param>
public sealed class CorpusBuild(string folder, int threads, Action<string> tell, CancellationToken cancellation)
{
    /// <summary>Where stages put what only the next one needs, inside the corpus.</summary>
    public const string Work = "work";

    /// <summary>Changes where a stage's result would change with nothing in its key saying so.</summary>
    const string Version = "1";

    /// <summary>The reports of all stages, of those done earlier too.</summary>
    public IReadOnlyList<StageReport> Run(IReadOnlyList<ICorpusStage> stages)
    {
        Directory.CreateDirectory(Path.Combine(folder, Work));
        string[] keys = Keys(stages);
        List<StageReport> reports = Finished(stages, keys);
        for (int i = reports.Count; i < stages.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reports.Add(Do(stages, i, keys[i]));
        }

        return reports;
    }

    StageReport Do(IReadOnlyList<ICorpusStage> stages, int i, string key)
    {
        ICorpusStage stage = stages[i];
        tell(stage.Name);
        for (int later = i; later < stages.Count; later++)
            Remove(MarkerOf(stages[later]), stages[later].Outputs);

        var clock = Stopwatch.StartNew();
        string input = i == 0 ? "" : Path.Combine(folder, stages[i - 1].Outputs[0]);
        StageReport report = stage.Run(folder, input, threads, cancellation) with { Seconds = clock.Elapsed.TotalSeconds };
        Write(MarkerOf(stage), new StageMarker(key, report));
        if (i > 0)
            Remove(null, stages[i - 1].Outputs.Where(IsWork));
        return report;
    }

    // A stage counts as done if its key is the same and what it made, or what later stages made of that, is there.
    List<StageReport> Finished(IReadOnlyList<ICorpusStage> stages, string[] keys)
    {
        List<StageReport> reports = [];
        int usable = 0;
        for (int i = 0; i < stages.Count; i++)
        {
            if (Read(MarkerOf(stages[i])) is not { } marker || marker.Key != keys[i])
                break;
            if (!stages[i].Outputs.Where(output => !IsWork(output)).All(Exists))
                break;
            reports.Add(marker.Report);
            if (stages[i].Outputs.All(Exists))
                usable = reports.Count;
        }

        return reports[..usable];
    }

    static string[] Keys(IReadOnlyList<ICorpusStage> stages)
    {
        string[] keys = new string[stages.Count];
        string before = Version;
        for (int i = 0; i < keys.Length; i++)
        {
            byte[] all = Encoding.UTF8.GetBytes($"{before}\n{stages[i].Name}\n{stages[i].Key}");
            keys[i] = before = Convert.ToHexStringLower(SHA256.HashData(all));
        }

        return keys;
    }

    bool Exists(string output) => Path.Exists(Path.Combine(folder, output));

    static bool IsWork(string output) => output.StartsWith(Work + "/", StringComparison.Ordinal);

    string MarkerOf(ICorpusStage stage) => Path.Combine(folder, Work, stage.Name + ".json");

    void Remove(string? marker, IEnumerable<string> outputs)
    {
        if (marker is not null)
            File.Delete(marker); // first: a stage without its outputs must not count as done
        foreach (string output in outputs)
        {
            string path = Path.Combine(folder, output);
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
    }

    static StageMarker? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CorpusJson.Default.StageMarker) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null; // what cannot be read was not finished
        }
    }

    static void Write(string path, StageMarker marker)
    {
        using (FileStream file = DurableFile.Create(path + ".tmp"))
        {
            JsonSerializer.Serialize(file, marker, CorpusJson.Default.StageMarker);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }
}
