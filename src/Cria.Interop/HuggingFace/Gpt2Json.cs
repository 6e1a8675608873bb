using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a GPT2LMHeadModel. What it leaves out has the value of the first GPT-2.</summary>
static class Gpt2Json
{
    /// <summary>GELU in its tanh form, by the names it goes by.</summary>
    static readonly string[] Activations = ["gelu_new", "gelu_pytorch_tanh"];

    public static Gpt2Config Read(JsonObject json, string path)
    {
        int Size(string key) => ConfigJson.Size(json, key, path);
        string activation = (string?)json["activation_function"] ?? "gelu_new";
        if (!Activations.Contains(activation))
            throw new CheckpointException($"{path} has activation_function '{activation}'; there is {string.Join(", ", Activations)}.");
        foreach (var (key, usual) in ((string, bool)[])[("tie_word_embeddings", true), ("scale_attn_weights", true),
            ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false)])
            if (((bool?)json[key] ?? usual) != usual)
                throw new CheckpointException($"{path} has {key} {json[key]}; a GPT-2 where it is {usual} can be read.");
        var config = new Gpt2Config
        {
            VocabSize = Size("vocab_size"),
            HiddenSize = Size("n_embd"),
            NumHiddenLayers = Size("n_layer"),
            NumAttentionHeads = Size("n_head"),
            MaxPositionEmbeddings = (int?)json["n_positions"] ?? 1024,
            IntermediateSize = (int?)json["n_inner"] ?? 0,
            LayerNormEps = (float?)(double?)json["layer_norm_epsilon"] ?? 1e-5f,
            InitializerRange = (float?)(double?)json["initializer_range"] ?? 0.02f,
            Bias = (bool?)json["cria"]?["bias"] ?? true,
            Initialization = (string?)json["cria"]?["initialization"] ?? "depth_scaled",
        };
        config.Validate();
        return config;
    }

    // Dropout is written as 0: others would otherwise train on with their own 0.1.
    public static JsonObject Write(Gpt2Config config, SpecialIds specials) => new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["model_type"] = "gpt2",
        ["vocab_size"] = config.VocabSize,
        ["n_embd"] = config.HiddenSize,
        ["n_layer"] = config.NumHiddenLayers,
        ["n_head"] = config.NumAttentionHeads,
        ["n_inner"] = config.IntermediateSize == 0 ? null : config.IntermediateSize,
        ["n_positions"] = config.MaxPositionEmbeddings,
        ["activation_function"] = "gelu_new",
        ["layer_norm_epsilon"] = ConfigJson.Short(config.LayerNormEps),
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["attn_pdrop"] = 0.0,
        ["embd_pdrop"] = 0.0,
        ["resid_pdrop"] = 0.0,
        ["tie_word_embeddings"] = true,
        ["bos_token_id"] = specials.BeginOfText,
        ["eos_token_id"] = specials.EndOfText,
        ["torch_dtype"] = "float32",
        ["cria"] = new JsonObject { ["bias"] = config.Bias, ["initialization"] = config.Initialization },
    };
}
