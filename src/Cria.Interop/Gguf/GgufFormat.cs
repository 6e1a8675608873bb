using System.Globalization;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf.Architectures;
using Cria.Interop.Gguf.Tokenizers;
using Cria.Models;

namespace Cria.Interop.Gguf;

/// <summary>llama.cpp's file: weights, sizes and tokenizer in one. What it says of them is in the words of its converters.</summary>
public sealed class GgufFormat : ICheckpointFormat
{
    /// <summary>How weights may be written, and the number by which general.file_type means it.</summary>
    static readonly Dictionary<string, (GgufTensorType Type, uint FileType)> TypesByName = new()
    {
        ["f32"] = (GgufTensorType.F32, 0),
        ["f16"] = (GgufTensorType.F16, 1),
        ["bf16"] = (GgufTensorType.BF16, 32),
        ["q8_0"] = (GgufTensorType.Q8, 7),
    };

    GgufFormat()
    {
    }

    public static GgufFormat Instance { get; } = new();

    public string Name => "gguf";

    public string Description => "a GGUF file";

    public IReadOnlyList<string> Types { get; } = [.. TypesByName.Keys];

    public bool Recognizes(string path) => File.Exists(path) && GgufFile.Recognizes(path);

    public Checkpoint Open(string path) => new GgufCheckpoint(path);

    public void Write(string path, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        var architecture = GgufArchitectures.Of(model.Config);
        var (type, fileType) = TypesByName[options.Type ?? Types[0]];
        GgufWeight[] weights = [.. architecture.Weights(model)];
        var metadata = new GgufMetadataWriter();
        metadata.Add("general.architecture", architecture.Name);
        metadata.Add("general.type", "model");
        metadata.Add("general.name", contents.Name ?? $"{architecture.Name} of {model.Parameters.Count.ToString("N0", CultureInfo.InvariantCulture)} parameters");
        metadata.Add("general.file_type", fileType);
        if (type == GgufTensorType.Q8)
            metadata.Add("general.quantization_version", 2u);
        architecture.Write(model.Config, metadata);
        GgufTokenizer.Write(metadata, contents, model.Config.VocabSize);

        using var file = new GgufWriter(path, metadata, [.. weights.Select(weight => (weight.Name, TypeOf(weight, type), weight.Shape))]);
        var stream = new WeightStream(options.Written, options.Cancellation);
        foreach (var weight in weights)
        {
            file.Begin();
            if (weight.Tensor is { } tensor)
                stream.Save(tensor, file.AppendPiece);
            else
                file.AppendPiece(new float[weight.Shape.Length]);
        }
        file.Complete();
    }

    // As llama.cpp's converter: vectors and positions stay F32, and so do rows that are not whole blocks.
    static GgufTensorType TypeOf(GgufWeight weight, GgufTensorType type) =>
        weight.Shape.Rank == 1 || weight.Name.StartsWith("position_", StringComparison.Ordinal) || weight.Shape.Columns % type.BlockLength != 0
            ? GgufTensorType.F32
            : type;
}
