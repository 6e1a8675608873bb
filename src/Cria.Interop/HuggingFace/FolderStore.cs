using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>Where a run keeps its models: Hugging Face folders, with the run's tokenizer in each.</summary>
/// <param name="tokenizerFiles">Name → content of the tokenizer's files, copied into every checkpoint.</param>
/// <param name="endOfText">The token that opens and closes a document.</param>
public sealed class FolderStore(IReadOnlyDictionary<string, byte[]> tokenizerFiles, int? endOfText) : IModelStore
{
    /// <summary>A model with the weights of a folder, ready to run.</summary>
    public static ILanguageModel Open(string folder, IDevice device, bool withGradients = false)
    {
        if (!File.Exists(Path.Combine(folder, ConfigJson.FileName)))
            throw new CheckpointException(Directory.Exists(folder)
                ? $"{folder} has no config.json; a checkpoint is a Hugging Face folder."
                : $"{folder} does not exist; a checkpoint is a Hugging Face folder.");
        using var checkpoint = HuggingFaceFormat.Instance.Open(folder);
        return checkpoint.Model(device, withGradients);
    }

    public void Load(string folder, ILanguageModel model)
    {
        using var checkpoint = new HuggingFaceCheckpoint(folder, model.Config, WeightFiles.In(folder));
        checkpoint.Load(model);
    }

    public void Save(string folder, ILanguageModel model) =>
        HuggingFaceFormat.Instance.Write(folder, model, new() { Files = tokenizerFiles, Specials = new(endOfText, endOfText) }, new());

    /// <summary>The tokenizer files of a folder, the chat template among them, to be carried into checkpoints.</summary>
    /// <returns>Name → content; empty where there is no tokenizer.json.</returns>
    public static Dictionary<string, byte[]> TokenizerFiles(string folder)
    {
        var files = new Dictionary<string, byte[]>();
        if (!File.Exists(Path.Combine(folder, TokenizerJson.FileName)))
            return files;
        foreach (string name in (string[])[TokenizerJson.FileName, FolderContents.TokenizerConfig, FolderContents.ChatTemplate])
            if (File.Exists(Path.Combine(folder, name)))
                files[name] = File.ReadAllBytes(Path.Combine(folder, name));
        return files;
    }
}
