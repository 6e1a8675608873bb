using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// Hugging Face's folder: config.json, model.safetensors or several with an index, tokenizer files. The path of its
/// safetensors file or index stands for it.
/// </summary>
public sealed class HuggingFaceFormat : ICheckpointFormat
{
    HuggingFaceFormat()
    {
    }

    public static HuggingFaceFormat Instance { get; } = new();

    public string Name => "hf";

    public string Description => "a Hugging Face folder";

    public IReadOnlyList<string> Types { get; } = ["f32", "bf16"];

    public bool Recognizes(string path) => Directory.Exists(path)
        ? File.Exists(Path.Combine(path, ConfigJson.FileName))
        : path.EndsWith(WeightFiles.IndexEnding, StringComparison.Ordinal) || SafetensorsReader.Recognizes(path);

    public Checkpoint Open(string path)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string config = Path.Combine(folder, ConfigJson.FileName);
        if (!File.Exists(config))
            throw new CheckpointException($"{path} has no {ConfigJson.FileName} beside it, and weights alone do not say what model they are of; copy it there.");
        var files = Directory.Exists(path) ? WeightFiles.In(path) : WeightFiles.Named(path);
        try
        {
            var checkpoint = new HuggingFaceCheckpoint(folder, WithoutBiases(ConfigJson.Read(config), files), files);
            ContextClaim.Check(config, checkpoint.Config.MaxPositionEmbeddings, checkpoint.Config.RotaryColumns, checkpoint.WeightBytes);
            return checkpoint;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    // nanoGPT's models and their kin leave the biases out, and config.json has no word for that.
    static ModelConfig WithoutBiases(ModelConfig config, WeightFiles files) =>
        config is Gpt2Config { Bias: true } gpt2 && !files.Tensors.Keys.Any(name => name.EndsWith("ln_f.bias", StringComparison.Ordinal))
            ? gpt2 with { Bias = false }
            : config;

    public void Write(string path, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        Directory.CreateDirectory(path);
        FolderWriter.Write(path, model, contents, options);
    }
}
