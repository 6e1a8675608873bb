using System.Text.Json.Nodes;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a LlamaForCausalLM.</summary>
static class LlamaJson
{
    public static LlamaConfig Read(ConfigFile file)
    {
        foreach (string bias in (string[])["attention_bias", "mlp_bias"])
            file.Must(bias, false, "a Llama without biases can be read");
        file.Choice("hidden_act", "silu", ("silu", ["silu", "swish"]));
        int vocabulary = file.Size("vocab_size");
        var config = new LlamaConfig
        {
            VocabSize = vocabulary,
            HiddenSize = file.Size("hidden_size"),
            IntermediateSize = file.Size("intermediate_size"),
            NumHiddenLayers = file.Size("num_hidden_layers"),
            NumAttentionHeads = file.Size("num_attention_heads"),
            NumKeyValueHeads = file.Whole("num_key_value_heads", 0),
            HeadDim = file.Whole("head_dim", 0),
            MaxPositionEmbeddings = file.Whole("max_position_embeddings", 2048),
            RmsNormEps = (float)file.Real("rms_norm_eps", 1e-6),
            RopeTheta = file.RopeTheta(10_000),
            TieWordEmbeddings = file.Flag("tie_word_embeddings", false),
            PadTokenId = file.MaybeWhole("pad_token_id") is { } pad && pad >= 0 && pad < vocabulary ? pad : null, // -1 is some files' none
            AttentionDropout = (float)file.Real("attention_dropout", 0),
            ResidualDropout = (float)file.Block("cria").Real("residual_dropout", 0),
            InitializerRange = (float)file.Real("initializer_range", 0.02),
            Initialization = file.Block("cria").Text("initialization", "depth_scaled"),
        };
        file.MustLookBackAllTheWay(config.NumHiddenLayers, config.MaxPositionEmbeddings);
        return config;
    }

    public static JsonObject Write(LlamaConfig config) => new()
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
        ["attention_dropout"] = ConfigJson.Short(config.AttentionDropout),
        ["mlp_bias"] = false,
        ["tie_word_embeddings"] = config.TieWordEmbeddings,
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["pad_token_id"] = config.PadTokenId,
        ["cria"] = new JsonObject
        {
            ["initialization"] = config.Initialization,
            ["residual_dropout"] = ConfigJson.Short(config.ResidualDropout),
        },
    };
}
