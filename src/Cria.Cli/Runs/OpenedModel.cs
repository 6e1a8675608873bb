using Cria.Data.Tokenizers;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Runs;

/// <summary>A CHECKPOINT with its tokenizer and kernels, as verbs use it. A run's folder stands for its final model.</summary>
sealed class OpenedModel : IDisposable
{
    readonly Checkpoint _checkpoint;

    public OpenedModel(string path, int threads)
    {
        Path = Resolve(path);
        _checkpoint = CheckpointFormats.Open(Path);
        try
        {
            Model = _checkpoint.Model(CpuDevice.Instance);
            Kernels = KernelChoice.Best(threads);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was opened: a run's folder has become its model's.</summary>
    public string Path { get; }

    public ILanguageModel Model { get; } = null!;

    public IKernels Kernels { get; } = null!;

    /// <exception cref="CheckpointException">The checkpoint has none.</exception>
    public ITokenizer Tokenizer => _checkpoint.Contents.Tokenizer
        ?? throw new CheckpointException($"{Path} has no tokenizer; put its tokenizer.json beside the weights.");

    /// <summary>The checkpoint that a path means, whole: a run's is its final model.</summary>
    /// <exception cref="CheckpointException">The run is not finished, or the checkpoint is damaged.</exception>
    public static string Resolve(string path)
    {
        bool isCheckpoint = File.Exists(In(path, "config.json"));
        RunFiles run = new(path);
        if (!isCheckpoint && Directory.Exists(run.Model))
            path = run.Model;
        else if (!isCheckpoint && File.Exists(run.Recipe))
            throw new CheckpointException($"{path} is a run that is not finished; continue it with --resume, or name one of its checkpoints, {path}/checkpoints/step-N.");
        if (File.Exists(In(path, DurableFolder.Hashes)) && DurableFolder.Damage(path) is { } damage)
            throw new CheckpointException($"{damage} If the change was wanted, delete {DurableFolder.Hashes}.");
        return path;
    }

    public void Dispose()
    {
        Model?.Dispose();
        (Kernels as IDisposable)?.Dispose();
        _checkpoint.Dispose();
    }

    static string In(string folder, string name) => System.IO.Path.Combine(folder, name);
}
