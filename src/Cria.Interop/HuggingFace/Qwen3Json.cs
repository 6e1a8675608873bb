using System.Text.Json.Nodes;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a Qwen3ForCausalLM.</summary>
static class Qwen3Json
{
    const int UsualHeadDim = 128;

    public static Qwen3Config Read(ConfigFile file)
    {
        file.Must("attention_bias", false, "a Qwen3 without biases can be read");
        file.Choice("hidden_act", "silu", ("silu", ["silu", "swish"]));
        var config = new Qwen3Config
        {
            VocabSize = file.Size("vocab_size"),
            HiddenSize = file.Size("hidden_size"),
            IntermediateSize = file.Size("intermediate_size"),
            NumHiddenLayers = file.Size("num_hidden_layers"),
            NumAttentionHeads = file.Size("num_attention_heads"),
            NumKeyValueHeads = file.Whole("num_key_value_heads", 0),
            HeadDim = file.Whole("head_dim", UsualHeadDim),
            MaxPositionEmbeddings = file.Whole("max_position_embeddings", 32_768),
            RmsNormEps = (float)file.Real("rms_norm_eps", 1e-6),
            RopeTheta = file.RopeTheta(10_000),
            TieWordEmbeddings = file.Flag("tie_word_embeddings", false),
            AttentionDropout = (float)file.Real("attention_dropout", 0),
            InitializerRange = (float)file.Real("initializer_range", 0.02),
            Initialization = file.Block("cria").Text("initialization", "depth_scaled"),
        };
        file.MustLookBackAllTheWay(config.NumHiddenLayers, config.MaxPositionEmbeddings);
        return config;
    }

    public static JsonObject Write(Qwen3Config config) => new()
    {
        ["architectures"] = new JsonArray("Qwen3ForCausalLM"),
        ["model_type"] = "qwen3",
        ["vocab_size"] = config.VocabSize,
        ["hidden_size"] = config.HiddenSize,
        ["intermediate_size"] = config.IntermediateSize,
        ["num_hidden_layers"] = config.NumHiddenLayers,
        ["num_attention_heads"] = config.NumAttentionHeads,
        ["num_key_value_heads"] = config.KeyValueHeads,
        ["head_dim"] = config.HeadDim,
        ["hidden_act"] = "silu",
        ["max_position_embeddings"] = config.MaxPositionEmbeddings,
        ["rms_norm_eps"] = ConfigJson.Short(config.RmsNormEps),
        ["rope_theta"] = config.RopeTheta,
        ["attention_bias"] = false,
        ["attention_dropout"] = ConfigJson.Short(config.AttentionDropout),
        ["use_sliding_window"] = false,
        ["sliding_window"] = null,
        ["max_window_layers"] = config.NumHiddenLayers,
        ["tie_word_embeddings"] = config.TieWordEmbeddings,
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["cria"] = new JsonObject { ["initialization"] = config.Initialization },
    };
}
