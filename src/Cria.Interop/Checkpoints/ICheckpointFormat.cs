using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Checkpoints;

/// <summary>
/// Somebody's way to keep a model on a disk. A format knows how its own looks, opens it, and may write it; the programs
/// ask <see cref="CheckpointFormats"/> and name none of them.
/// </summary>
public interface ICheckpointFormat
{
    /// <summary>As <c>--to</c> spells it: <c>hf</c>.</summary>
    string Name { get; }

    /// <summary>What it is, to stand in a sentence: <c>a Hugging Face folder</c>.</summary>
    string Description { get; }

    /// <summary>The number types that <see cref="Write"/> knows (<c>f32</c>), the usual one first; empty where it is only read.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>Whether the path is of this kind, told by its content and not by its name alone.</summary>
    /// <param name="path">A file or folder that exists.</param>
    bool Recognizes(string path);

    /// <summary>Reads and checks everything but the weights.</summary>
    /// <exception cref="CheckpointException">It is damaged, or holds what this program cannot run.</exception>
    Checkpoint Open(string path);

    /// <summary>Writes a model; <see cref="CheckpointFormats.Write"/> sees to it that the result is whole or not there.</summary>
    /// <param name="path">Does not exist yet.</param>
    /// <param name="model">With its weights.</param>
    /// <param name="contents">What travels with them.</param>
    /// <param name="options">How.</param>
    /// <exception cref="CheckpointException">The format cannot say what the model is; the message names what.</exception>
    void Write(string path, ILanguageModel model, CheckpointContents contents, WriteOptions options);
}
