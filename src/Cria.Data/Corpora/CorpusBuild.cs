using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Cria.Data.Corpora;

/// <summary>
/// Does the stages of a corpus one after the other. A stage that an earlier start has finished, from the same recipe and the same
/// files, is not done again; one that was interrupted is. What an earlier build has made and this one does not goes.
/// </summary>
/// <param name="folder">The corpus, which is this process's alone.</param>
/// <param name="threads">Threads to work on.</param>
/// <param name="tell">Hears of every stage as it begins.</param>
/// <param name="cancellation">Stops between and within stages.</param>
public sealed class CorpusBuild(string folder, int threads, Action<string> tell, CancellationToken cancellation)
{
    /// <summary>Where stages put what only the next one needs, and markers of what is done, inside the corpus.</summary>
    public const string Work = "work";

    /// <summary>Changes where a stage's result would change with nothing in its key saying so.</summary>
    const string Version = "2";

    readonly StageMarkers _markers = new(folder);

    /// <summary>
    /// The files that describe the corpus, such as its card, which the caller writes when all stages are done. They go before a stage
    /// is done again: what they describe is no more.
    /// </summary>
    public IReadOnlyList<string> Descriptions { get; init; } = [];

    /// <summary>Whether a build has begun in a folder, finished or not.</summary>
    public static bool HasBegun(string folder) => new StageMarkers(folder).Find(StageMarkers.Build) is not null;

    /// <summary>The reports of all stages, of those done earlier too.</summary>
    /// <exception cref="DataException">A stage cannot be done, or something that no build has made is in its way.</exception>
    public IReadOnlyList<StageReport> Run(IReadOnlyList<ICorpusStage> stages)
    {
        string[] keys = Keys(stages);
        _markers.RefuseOthers(
            [StageMarkers.Build, .. stages.Select(stage => stage.Name)],
            [.. Descriptions, .. stages.SelectMany(stage => stage.Outputs)]);
        Directory.CreateDirectory(Path.Combine(folder, Work));
        _markers.Begin(StageMarkers.Build, Descriptions);
        List<StageReport> reports = Finished(stages, keys);
        if (reports.Count < stages.Count)
            Forget(stages.Take(reports.Count));
        for (int i = reports.Count; i < stages.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reports.Add(Do(stages, i, keys[i]));
        }

        _markers.Remove(stages.SkipLast(1).SelectMany(stage => stage.Outputs).Where(IsWork));
        return reports;
    }

    /// <summary>Removes what earlier builds have made, but for some stages.</summary>
    void Forget(IEnumerable<ICorpusStage> but)
    {
        _markers.Remove(Descriptions);
        foreach (string name in _markers.Names.Except([StageMarkers.Build, .. but.Select(stage => stage.Name)]))
            _markers.Undo(name);
    }

    StageReport Do(IReadOnlyList<ICorpusStage> stages, int i, string key)
    {
        ICorpusStage stage = stages[i];
        tell(stage.Name);
        _markers.Begin(stage.Name, stage.Outputs);
        var clock = Stopwatch.StartNew();
        string input = i == 0 ? "" : Path.Combine(folder, stages[i - 1].Outputs[0]);
        StageReport report = stage.Run(folder, input, threads, cancellation) with { Seconds = clock.Elapsed.TotalSeconds };
        _markers.Finish(stage.Name, key, report, stage.Outputs);
        if (i > 0)
            _markers.Remove(stages[i - 1].Outputs.Where(IsWork));
        return report;
    }

    // A stage counts as done if its key is the same and what it made, or what later stages made of that, is there.
    List<StageReport> Finished(IReadOnlyList<ICorpusStage> stages, string[] keys)
    {
        List<StageReport> reports = [];
        int usable = 0;
        for (int i = 0; i < stages.Count; i++)
        {
            if (_markers.Find(stages[i].Name) is not { Report: { } report } marker || marker.Key != keys[i])
                break;
            if (!stages[i].Outputs.Where(output => !IsWork(output)).All(_markers.Exists))
                break;
            reports.Add(report);
            if (stages[i].Outputs.All(_markers.Exists))
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

    static bool IsWork(string output) => output.StartsWith(Work + "/", StringComparison.Ordinal);
}
