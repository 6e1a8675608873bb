using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a LlamaForCausalLM.</summary>
static class LlamaJson
{
    public static LlamaConfig Read(JsonObject json, string path)
    {
        int Size(string key) => ConfigJson.Size(json, key, path);
        if (json["rope_scaling"] is { } scaling)
            throw new CheckpointException($"{path} has rope_scaling {scaling.ToJsonString()}, which is not supported.");
        foreach (string bias in (string[])["attention_bias", "mlp_bias"])
            if ((bool?)json[bias] == true)
                throw new CheckpointException($"{path} has {bias} true; Llama without biases can be read.");
        string activation = (string?)json["hidden_act"] ?? "silu";
        if (activation != "silu")
            throw new CheckpointException($"{path} has hidden_act '{activation}'; Llama has silu.");
        var config = new LlamaConfig
        {
            VocabSize = Size("vocab_size"),
            HiddenSize = Size("hidden_size"),
            IntermediateSize = Size("intermediate_size"),
            NumHiddenLayers = Size("num_hidden_layers"),
            NumAttentionHeads = Size("num_attention_heads"),
            NumKeyValueHeads = (int?)json["num_key_value_heads"] ?? 0,
            HeadDim = (int?)json["head_dim"] ?? 0,
            MaxPositionEmbeddings = (int?)json["max_position_embeddings"] ?? 2048,
            RmsNormEps = (float?)(double?)json["rms_norm_eps"] ?? 1e-6f,
            RopeTheta = (double?)json["rope_theta"] ?? (double?)json["rope_parameters"]?["rope_theta"] ?? 10_000,
            TieWordEmbeddings = (bool?)json["tie_word_embeddings"] ?? false,
            InitializerRange = (float?)(double?)json["initializer_range"] ?? 0.02f,
            Initialization = (string?)json["cria"]?["initialization"] ?? "depth_scaled",
        };
        config.Validate();
        return config;
    }

    public static JsonObject Write(LlamaConfig config, SpecialIds specials) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["vocab_size"] = config.VocabSize,
        ["hidden_size"] = config.HiddenSize,
        ["intermediate_size"] = config.IntermediateSize,
        ["num_hidden_layers"] = config.NumHiddenLayers,
        ["num_attention_heads"] = config.NumAttentionHeads,
        ["num_key_value_heads"] = config.KeyValueHeads,
        ["head_dim"] = config.HeadSize,
        ["hidden_act"] = "silu",
        ["max_position_embeddings"] = config.MaxPositionEmbeddings,
        ["rms_norm_eps"] = ConfigJson.Short(config.RmsNormEps),
        ["rope_theta"] = config.RopeTheta,
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["tie_word_embeddings"] = config.TieWordEmbeddings,
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["bos_token_id"] = specials.BeginOfText,
        ["eos_token_id"] = specials.EndOfText,
        ["torch_dtype"] = "float32",
        ["cria"] = new JsonObject { ["initialization"] = config.Initialization },
    };
}
