using Cria.Engine.Tensors;
using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>Where a run keeps its things. One process at a time: the folder is locked while it runs.</summary>
sealed class RunFolder : IDisposable
{
    readonly FileStream _lock;

    RunFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Recipe => In("recipe.yaml");

    public string Metrics => In("metrics.jsonl");

    public string Checkpoints => In("checkpoints");

    public string Model => In("model");

    public string Best => In("best");

    public string Samples => In("samples.txt");

    public string Report => In("report.html");

    public string Curve => In("curve.svg");

    public string Data => In("data");

    /// <summary>What the run was after a step where it was told to stop.</summary>
    public string Milestone(int step) => System.IO.Path.Combine(In("milestones"), $"step-{step}");

    /// <summary>Opens a folder for a run.</summary>
    /// <param name="path">Made if it is not there.</param>
    /// <param name="resume">False refuses a folder that holds a run already.</param>
    public static RunFolder Open(string path, bool resume)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full))
            throw new TrainingException($"{path} is a file; --out names a folder.");
        if (!resume && File.Exists(System.IO.Path.Combine(full, "recipe.yaml")))
            throw new TrainingException($"{path} holds a run already; continue it with --resume, or choose another folder with --out.");
        Directory.CreateDirectory(full);
        return new(full, Lock(full));
    }

    /// <summary>Held while a folder is in use; closing it frees the folder, as the end of the process does.</summary>
    /// <exception cref="CheckpointException">Somebody else holds it.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new CheckpointException($"{path} is in use by another run; wait for it, or choose another folder with --out.");
        }
    }

    public void Dispose() => _lock.Dispose();

    string In(string name) => System.IO.Path.Combine(Path, name);
}
