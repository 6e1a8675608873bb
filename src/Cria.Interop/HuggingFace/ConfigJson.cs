using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>Hugging Face's config.json to our records and back. What config.json cannot say goes under a <c>cria</c> key.</summary>
public static class ConfigJson
{
    public const string FileName = "config.json";

    public static ModelConfig Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))?.AsObject()
                ?? throw new CheckpointException($"{path} is not a JSON object.");
            string type = (string?)json["model_type"] ?? "nothing";
            return type switch
            {
                "llama" => LlamaJson.Read(json, path),
                "gpt2" => Gpt2Json.Read(json, path),
                _ => throw new CheckpointException($"{path} has model_type '{type}'; there is {string.Join(", ", ModelCatalog.ConfigTypes.Keys)}."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{path} is not a config.json: {e.Message}");
        }
    }

    public static string Write(ModelConfig config, SpecialIds specials) => config switch
    {
        LlamaConfig llama => Text(LlamaJson.Write(llama, specials)),
        Gpt2Config gpt2 => Text(Gpt2Json.Write(gpt2, specials)),
        _ => throw new ConfigException($"model_type '{config.ModelType}' has no config.json."),
    };

    internal static string Text(JsonObject json) => json.ToJsonString(new() { WriteIndented = true }) + "\n";

    /// <summary>A size that a config must have.</summary>
    internal static int Size(JsonObject json, string key, string path) =>
        (int?)json[key] ?? throw new CheckpointException($"{path} has no {key}.");

    /// <summary>0.1 and not 0.10000000149.</summary>
    internal static double Short(float value) => (double)(decimal)value;
}
