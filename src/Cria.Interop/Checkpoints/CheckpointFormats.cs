using Cria.Engine.Tensors;
using Cria.Interop.Gguf;
using Cria.Interop.HuggingFace;
using Cria.Interop.Llama2c;
using Cria.Interop.Pickles;
using Cria.Models;

namespace Cria.Interop.Checkpoints;

/// <summary>The formats that there are; a new one is a folder beside this and a line here.</summary>
public static class CheckpointFormats
{
    /// <summary>In the order of asking: those that are known by a mark first, those that are guessed by their sizes last.</summary>
    public static IReadOnlyList<ICheckpointFormat> All { get; } =
        [HuggingFaceFormat.Instance, GgufFormat.Instance, PickleFormat.Instance, Llama2cFormat.Instance];

    /// <summary>Those that can be read: all but the ones that are known only to be refused.</summary>
    public static IEnumerable<ICheckpointFormat> Readable => All.Where(format => format is not PickleFormat);

    /// <summary>Those that can be written.</summary>
    public static IEnumerable<ICheckpointFormat> Writable => All.Where(format => format.Types.Count > 0);

    /// <summary>The format of a path, or null where it is none of them.</summary>
    public static ICheckpointFormat? Find(string path) =>
        Path.Exists(path) ? All.FirstOrDefault(format => format.Recognizes(path)) : null;

    /// <exception cref="CheckpointException">The path is of no known format, damaged, or holds what cannot be run.</exception>
    public static Checkpoint Open(string path)
    {
        try
        {
            if (Find(path) is { } format)
                return format.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
        string known = string.Join(", ", Readable.Select(format => format.Description));
        throw new CheckpointException(Path.Exists(path)
            ? $"{path} is no checkpoint that can be read; there is {known}."
            : $"{path} does not exist; a checkpoint is {known}.");
    }

    /// <summary>Writes under a temporary name and renames: what is there in the end is whole, and nothing was written over.</summary>
    /// <exception cref="CheckpointException">The path exists, or the format cannot say what the model is.</exception>
    public static void Write(ICheckpointFormat format, string path, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        if (options.Type is { } type && !format.Types.Contains(type))
            throw new CheckpointException($"{format.Description} cannot be written as {type}; there is {string.Join(", ", format.Types)}.");
        WholePath.Write(path, temporary => format.Write(temporary, model, contents, options));
    }
}
