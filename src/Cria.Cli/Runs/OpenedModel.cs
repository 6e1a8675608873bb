using Cria.Data.Tokenizers;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Runs;

/// <summary>A CHECKPOINT with its tokenizer and kernels, as verbs use it. A run's folder stands for its final model.</summary>
sealed class OpenedModel : IDisposable
{
    readonly Lazy<ITokenizer> _tokenizer;

    public OpenedModel(string path, int threads)
    {
        Folder = Directory.Exists(Path.Combine(path, "model")) && !File.Exists(Path.Combine(path, "config.json"))
            ? Path.Combine(path, "model")
            : path;
        if (Folder == path && File.Exists(Path.Combine(path, "recipe.yaml")) && !File.Exists(Path.Combine(path, "config.json")))
            throw new CheckpointException($"{path} is a run that is not finished; continue it with --resume, or name one of its checkpoints, {path}/checkpoints/step-N.");
        if (File.Exists(Path.Combine(Folder, DurableFolder.Hashes)) && DurableFolder.Damage(Folder) is { } damage)
            throw new CheckpointException($"{damage} If the change was wanted, delete {DurableFolder.Hashes}.");
        Model = FolderStore.Open(Folder, CpuDevice.Instance);
        Kernels = KernelChoice.Best(threads);
        _tokenizer = new(() => TokenizerJson.ReadAny(Folder));
    }

    public string Folder { get; }

    public ILanguageModel Model { get; }

    public IKernels Kernels { get; }

    public ITokenizer Tokenizer => _tokenizer.Value;

    public void Dispose()
    {
        Model.Dispose();
        (Kernels as IDisposable)?.Dispose();
    }
}
