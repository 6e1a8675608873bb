using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.Pickles;

/// <summary>
/// PyTorch's <c>.bin</c> and <c>.pt</c>: recognised, and refused. A pickle is a program that runs when it is read, and no
/// numbers are worth running a stranger's program for.
/// </summary>
public sealed class PickleFormat : ICheckpointFormat
{
    PickleFormat()
    {
    }

    public static PickleFormat Instance { get; } = new();

    public string Name => "pickle";

    public string Description => "a PyTorch pickle";

    public IReadOnlyList<string> Types => [];

    /// <summary>A zip archive, as torch.save makes since 1.6, or a bare pickle of protocol 2 to 5; no opcode is 0.</summary>
    /// <remarks>A legacy llama2.c file of dim 640 begins with 80 02 00 00 as well.</remarks>
    public bool Recognizes(string path)
    {
        if (!File.Exists(path))
            return false;
        Span<byte> head = stackalloc byte[4];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return false;
        return head.SequenceEqual("PK\u0003\u0004"u8) || (head[0] == 0x80 && head[1] is >= 2 and <= 5 && head[2] != 0);
    }

    public Checkpoint Open(string path) => throw Refusal(path);

    public void Write(string path, ILanguageModel model, CheckpointContents contents, WriteOptions options) =>
        throw new CheckpointException($"{path}: pickles are not written; export to hf.");

    /// <summary>Why, and the line that makes something readable of it.</summary>
    public static CheckpointException Refusal(string path) => new(
        $"{path} is a PyTorch pickle, which runs code when it is read, so Cria does not; convert it where you trust it: " +
        $"python -c \"import torch, safetensors.torch as s; s.save_file({{k: v.clone().contiguous() for k, v in " +
        $"torch.load('{Path.GetFileName(path)}', map_location='cpu', weights_only=True).items()}}, 'model.safetensors')\".");
}
