using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>Writes a folder that exists and is empty.</summary>
static class FolderWriter
{
    public static void Write(string folder, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        var type = options.Type == "bf16" ? DType.BF16 : DType.F32;
        foreach (var (name, content) in WithTokenizer(contents, model.Config.MaxPositionEmbeddings))
            File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, ConfigJson.FileName), ConfigJson.Write(model.Config, contents.Specials, type));
        if (!contents.Files.ContainsKey(FolderContents.Generation))
            File.WriteAllText(Path.Combine(folder, FolderContents.Generation), GenerationConfig(contents.Specials));
        WriteWeights(folder, model, type, options);
    }

    // A format that keeps its tokenizer in a way of its own gives it as what it is, and so does a folder without tokenizer.json.
    static IReadOnlyDictionary<string, byte[]> WithTokenizer(CheckpointContents contents, int maxTokens)
    {
        if (contents.Files.ContainsKey(TokenizerJson.FileName) || Tokenizer(contents) is not { } tokenizer)
            return contents.Files;
        var files = new Dictionary<string, byte[]>(contents.Files) { [TokenizerJson.FileName] = TokenizerJson.CanonicalBytes(tokenizer) };
        files.TryAdd(FolderContents.TokenizerConfig, Encoding.UTF8.GetBytes(TokenizerJsonWriter.Config(tokenizer, maxTokens)));
        return files;
    }

    // An older folder's tokenizer that cannot be read goes through as the file it is.
    static ITokenizer? Tokenizer(CheckpointContents contents)
    {
        try
        {
            return contents.Tokenizer;
        }
        catch (DataException) when (contents.Unread is not null)
        {
            return null;
        }
    }

    static string GenerationConfig(SpecialIds specials)
    {
        var json = new JsonObject();
        foreach (var (key, id) in specials.Named)
            json[key] = id;
        return ConfigJson.Text(json);
    }

    static void WriteWeights(string folder, ILanguageModel model, DType type, WriteOptions options)
    {
        var stream = new WeightStream(options.Written, options.Cancellation);
        var zeros = Gpt2Json.ZeroBiases(model.Config).ToArray();
        var shards = Shards([.. model.StoredTensors], type.SizeInBytes(), options.MaxShardBytes);
        var map = new JsonObject();
        for (int i = 0; i < shards.Count; i++)
        {
            string name = shards.Count == 1
                ? WeightFiles.FileName
                : string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            bool isLast = i == shards.Count - 1;
            WriteShard(Path.Combine(folder, name), shards[i], isLast ? zeros : [], type, stream);
            foreach (string tensor in shards[i].Select(tensor => tensor.Name).Concat(isLast ? zeros.Select(zero => zero.Name) : []))
                map[tensor] = name;
        }
        if (shards.Count == 1)
            return;
        long numbers = shards.Sum(shard => shard.Sum(tensor => tensor.Shape.Length)) + zeros.Sum(zero => zero.Shape.Length);
        long bytes = numbers * type.SizeInBytes();
        string index = ConfigJson.Text(new() { ["metadata"] = new JsonObject { ["total_size"] = bytes }, ["weight_map"] = map });
        File.WriteAllText(Path.Combine(folder, WeightFiles.FileName + WeightFiles.IndexSuffix), index);
    }

    // In the model's order, a new file where the next tensor would not fit; a tensor is never cut.
    static List<List<StoredTensor>> Shards(IReadOnlyList<StoredTensor> tensors, int width, long most)
    {
        var shards = new List<List<StoredTensor>>();
        long bytes = 0;
        foreach (var tensor in tensors)
        {
            long size = tensor.Shape.Length * width;
            if (shards.Count == 0 || bytes + size > most)
                (shards, bytes) = ([.. shards, []], 0);
            shards[^1].Add(tensor);
            bytes += size;
        }
        return shards;
    }

    static void WriteShard(
        string path, List<StoredTensor> tensors, IReadOnlyList<(string Name, Shape Shape)> zeros, DType type, WeightStream stream)
    {
        using var file = new SafetensorsWriter(path, [.. tensors.Select(tensor => (tensor.Name, tensor.Shape)), .. zeros], type);
        foreach (var tensor in tensors)
        {
            file.Begin();
            stream.Save(tensor, file.AppendPiece);
        }
        foreach (var (_, shape) in zeros)
            file.Append(new float[shape.Length]);
        file.Complete();
    }
}
