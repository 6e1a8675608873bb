using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>Writes a folder that exists and is empty.</summary>
static class FolderWriter
{
    public static void Write(string folder, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        foreach (var (name, content) in contents.Files)
            File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, ConfigJson.FileName), ConfigJson.Write(model.Config, contents.Specials));
        if (!contents.Files.ContainsKey(FolderContents.Generation))
            File.WriteAllText(Path.Combine(folder, FolderContents.Generation), GenerationConfig(contents.Specials));
        WriteWeights(Path.Combine(folder, WeightFiles.FileName), [.. model.StoredTensors], new(options.Written, options.Cancellation));
    }

    static string GenerationConfig(SpecialIds specials)
    {
        var json = new JsonObject();
        foreach (var (key, id) in ((string, int?)[])
            [("bos_token_id", specials.BeginOfText), ("eos_token_id", specials.EndOfText), ("pad_token_id", specials.Padding)])
            if (id is { } known)
                json[key] = known;
        return ConfigJson.Text(json);
    }

    static void WriteWeights(string path, IReadOnlyList<StoredTensor> tensors, WeightStream stream)
    {
        using var file = new SafetensorsWriter(path, [.. tensors.Select(tensor => (tensor.Name, tensor.Shape))]);
        foreach (var tensor in tensors)
        {
            file.Begin();
            stream.Save(tensor, file.AppendPiece);
        }
        file.Complete();
    }
}
