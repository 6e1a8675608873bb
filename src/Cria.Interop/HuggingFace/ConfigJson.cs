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

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <exception cref="CheckpointException">
    /// It is damaged, of a model that cannot be run, or its sizes do not fit each other; the message names the file and the key.
    /// </exception>
    public static ModelConfig Read(string path)
    {
        var file = ConfigFile.Open(path);
        if (file.Has("quantization_config"))
            throw file.Fault($"has a quantization_config ({file.Block("quantization_config").Text("quant_method", "of no named method")}); " +
                "load the model as it was before it was quantised");
        ModelConfig config = file.Text("model_type", "") switch
        {
            "llama" => LlamaJson.Read(file),
            "gpt2" => Gpt2Json.Read(file),
            "gptj" => GptJJson.Read(file),
            "qwen3" => Qwen3Json.Read(file),
            "" => throw file.Fault($"has no model_type; there is {Known}"),
            var other => throw file.Fault($"has model_type '{other}'; there is {Known}"),
        };
        try
        {
            config.Validate();
        }
        catch (ConfigException e)
        {
            throw new CheckpointException($"{path}: {e.Message}");
        }
        return config;
    }

    /// <param name="config">What to write.</param>
    /// <param name="specials">Ids that other programs look for here.</param>
    /// <param name="type">How the weights beside it are kept: F32 or BF16.</param>
    public static string Write(ModelConfig config, SpecialIds specials, DType type = DType.F32)
    {
        var json = config switch
        {
            LlamaConfig llama => LlamaJson.Write(llama),
            Gpt2Config gpt2 => Gpt2Json.Write(gpt2),
            GptJConfig gptJ => GptJJson.Write(gptJ),
            Qwen3Config qwen3 => Qwen3Json.Write(qwen3),
            _ => throw new ConfigException($"model_type '{config.ModelType}' has no {FileName}."),
        };
        json["bos_token_id"] = specials.BeginOfText;
        json["eos_token_id"] = specials.EndOfText;
        if (specials.Padding is { } padding && json["pad_token_id"] is null)
            json["pad_token_id"] = padding;
        json["torch_dtype"] = type == DType.BF16 ? "bfloat16" : "float32";
        return Text(json);
    }

    internal static string Text(JsonObject json) => json.ToJsonString(Indented) + "\n";

    /// <summary>0.1 and not 0.10000000149.</summary>
    internal static double Short(float value) => (double)(decimal)value;

    static string Known => string.Join(", ", ModelCatalog.ConfigTypes.Keys);
}
