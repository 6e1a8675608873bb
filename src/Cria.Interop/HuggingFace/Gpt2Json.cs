using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a GPT2LMHeadModel. What it leaves out has the value of the first GPT-2.</summary>
static class Gpt2Json
{
    const double UsualDropout = 0.1;

    /// <summary>GELU in its tanh form by the names it goes by, and the exact one.</summary>
    internal static readonly (string Name, string[] Spellings)[] Activations =
        [("gelu_new", ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"]), ("gelu", ["gelu", "gelu_python"])];

    public static Gpt2Config Read(ConfigFile file)
    {
        file.Must("tie_word_embeddings", true, "a GPT-2 whose head is its embedding can be read");
        file.Must("add_cross_attention", false, "a GPT-2 that reads only its own text can be read");
        return new()
        {
            VocabSize = file.Size("vocab_size"),
            HiddenSize = file.Size("n_embd", "hidden_size"),
            NumHiddenLayers = file.Size("n_layer", "num_hidden_layers"),
            NumAttentionHeads = file.Size("n_head", "num_attention_heads"),
            MaxPositionEmbeddings = file.Whole("n_positions", file.Whole("n_ctx", 1024)),
            IntermediateSize = file.Whole("n_inner", 0),
            LayerNormEps = (float)file.Real("layer_norm_epsilon", 1e-5),
            HiddenAct = file.Choice("activation_function", "gelu_new", Activations),
            ScaleAttnWeights = file.Flag("scale_attn_weights", true),
            ScaleAttnByInverseLayerIdx = file.Flag("scale_attn_by_inverse_layer_idx", false),
            EmbeddingDropout = (float)file.Real("embd_pdrop", UsualDropout),
            ResidualDropout = (float)file.Real("resid_pdrop", UsualDropout),
            AttentionDropout = (float)file.Real("attn_pdrop", UsualDropout),
            InitializerRange = (float)file.Real("initializer_range", 0.02),
            Bias = file.Block("cria").Flag("bias", true),
            Initialization = file.Block("cria").Text("initialization", "depth_scaled"),
        };
    }

    public static JsonObject Write(Gpt2Config config) => new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["model_type"] = "gpt2",
        ["vocab_size"] = config.VocabSize,
        ["n_embd"] = config.HiddenSize,
        ["n_layer"] = config.NumHiddenLayers,
        ["n_head"] = config.NumAttentionHeads,
        ["n_inner"] = config.IntermediateSize == 0 ? null : config.IntermediateSize,
        ["n_positions"] = config.MaxPositionEmbeddings,
        ["n_ctx"] = config.MaxPositionEmbeddings,
        ["activation_function"] = config.HiddenAct,
        ["layer_norm_epsilon"] = ConfigJson.Short(config.LayerNormEps),
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["attn_pdrop"] = ConfigJson.Short(config.AttentionDropout),
        ["embd_pdrop"] = ConfigJson.Short(config.EmbeddingDropout),
        ["resid_pdrop"] = ConfigJson.Short(config.ResidualDropout),
        ["scale_attn_weights"] = config.ScaleAttnWeights,
        ["scale_attn_by_inverse_layer_idx"] = config.ScaleAttnByInverseLayerIdx,
        ["tie_word_embeddings"] = true,
        ["cria"] = new JsonObject { ["bias"] = config.Bias, ["initialization"] = config.Initialization },
    };

    /// <summary>
    /// The biases of a GPT-2 that has none, which its published architecture has all the same: zeros say the same thing and
    /// every program finds what it looks for.
    /// </summary>
    public static IEnumerable<(string Name, Shape Shape)> ZeroBiases(ModelConfig config)
    {
        if (config is not Gpt2Config { Bias: false } gpt2)
            yield break;
        int h = gpt2.HiddenSize;
        for (int layer = 0; layer < gpt2.NumHiddenLayers; layer++)
            foreach (var (name, length) in ((string, int)[])
                [("ln_1", h), ("attn.c_attn", 3 * h), ("attn.c_proj", h), ("ln_2", h), ("mlp.c_fc", gpt2.MlpColumns), ("mlp.c_proj", h)])
                yield return ($"transformer.h.{layer}.{name}.bias", new(length));
        yield return ("transformer.ln_f.bias", new(h));
    }
}
