using System.Text.Json.Nodes;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>The config.json of a GPTJForCausalLM. What it leaves out has the value of GPT-J-6B.</summary>
static class GptJJson
{
    public static GptJConfig Read(ConfigFile file)
    {
        // The exact GELU computes something else, and this GPT-J has the tanh form only.
        file.Choice("activation_function", "gelu_new", Gpt2Json.Activations[0]);
        return new()
        {
            VocabSize = file.Size("vocab_size"),
            HiddenSize = file.Size("n_embd", "hidden_size"),
            NumHiddenLayers = file.Size("n_layer", "num_hidden_layers"),
            NumAttentionHeads = file.Size("n_head", "num_attention_heads"),
            MaxPositionEmbeddings = file.Whole("n_positions", file.Whole("n_ctx", 2048)),
            IntermediateSize = file.Whole("n_inner", 0),
            RotaryDim = file.Says("rotary_dim") ? file.Whole("rotary_dim", 0) : 64, // null: the whole head
            LayerNormEps = (float)file.Real("layer_norm_epsilon", 1e-5),
            EmbeddingDropout = (float)file.Real("embd_pdrop", 0),
            ResidualDropout = (float)file.Real("resid_pdrop", 0),
            AttentionDropout = (float)file.Real("attn_pdrop", 0),
            TieWordEmbeddings = file.Flag("tie_word_embeddings", false),
            InitializerRange = (float)file.Real("initializer_range", 0.02),
            Initialization = file.Block("cria").Text("initialization", "normal"),
        };
    }

    public static JsonObject Write(GptJConfig config) => new()
    {
        ["architectures"] = new JsonArray("GPTJForCausalLM"),
        ["model_type"] = "gptj",
        ["vocab_size"] = config.VocabSize,
        ["n_embd"] = config.HiddenSize,
        ["n_layer"] = config.NumHiddenLayers,
        ["n_head"] = config.NumAttentionHeads,
        ["n_inner"] = config.IntermediateSize == 0 ? null : config.IntermediateSize,
        ["n_positions"] = config.MaxPositionEmbeddings,
        ["rotary_dim"] = config.TurnedColumns,
        ["rotary"] = true,
        ["activation_function"] = "gelu_new",
        ["layer_norm_epsilon"] = ConfigJson.Short(config.LayerNormEps),
        ["initializer_range"] = ConfigJson.Short(config.InitializerRange),
        ["attn_pdrop"] = ConfigJson.Short(config.AttentionDropout),
        ["embd_pdrop"] = ConfigJson.Short(config.EmbeddingDropout),
        ["resid_pdrop"] = ConfigJson.Short(config.ResidualDropout),
        ["scale_attn_weights"] = true,
        ["tie_word_embeddings"] = config.TieWordEmbeddings,
        ["cria"] = new JsonObject { ["initialization"] = config.Initialization },
    };
}
