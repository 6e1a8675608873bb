using Cria.Models;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>Llama. The rows of attn_q and attn_k turn in pairs side by side there, as in the first Llama.</summary>
sealed class GgufLlama : IGgufArchitecture
{
    /// <summary>What Hugging Face's Llama and those that descend from it call their tensors.</summary>
    internal static readonly GgufNames Names = new("model.layers.", new Dictionary<string, string>
    {
        ["model.embed_tokens"] = "token_embd",
        ["model.norm"] = "output_norm",
        ["lm_head"] = "output",
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    });

    public string Name => "llama";

    public Type ConfigType => typeof(LlamaConfig);

    public ModelConfig Read(GgufSizes sizes)
    {
        sizes.ExpectPlainPositions();
        sizes.Expect("expert_count", 0);
        int hidden = sizes.Size("embedding_length"), heads = sizes.Size("attention.head_count");
        int headSize = sizes.Optional("attention.key_length") ?? hidden / Math.Max(1, heads);
        sizes.Expect("attention.value_length", headSize);
        sizes.Expect("rope.dimension_count", headSize);
        return new LlamaConfig
        {
            VocabSize = sizes.VocabSize,
            HiddenSize = hidden,
            IntermediateSize = sizes.Size("feed_forward_length"),
            NumHiddenLayers = sizes.Size("block_count"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = sizes.Optional("attention.head_count_kv") ?? 0,
            HeadDim = headSize,
            MaxPositionEmbeddings = sizes.Context(headSize),
            RmsNormEps = sizes.Real("attention.layer_norm_rms_epsilon"),
            RopeTheta = sizes.OptionalReal("rope.freq_base") ?? 10_000,
            TieWordEmbeddings = sizes.IsTied,
        };
    }

    public void Write(ModelConfig config, GgufMetadataWriter metadata)
    {
        var llama = (LlamaConfig)config;
        metadata.Add("llama.vocab_size", (uint)llama.VocabSize);
        metadata.Add("llama.context_length", (uint)llama.MaxPositionEmbeddings);
        metadata.Add("llama.embedding_length", (uint)llama.HiddenSize);
        metadata.Add("llama.block_count", (uint)llama.NumHiddenLayers);
        metadata.Add("llama.feed_forward_length", (uint)llama.IntermediateSize);
        metadata.Add("llama.rope.dimension_count", (uint)llama.HeadSize);
        metadata.Add("llama.rope.freq_base", (float)llama.RopeTheta);
        metadata.Add("llama.attention.head_count", (uint)llama.NumAttentionHeads);
        metadata.Add("llama.attention.head_count_kv", (uint)llama.KeyValueHeads);
        metadata.Add("llama.attention.key_length", (uint)llama.HeadSize);
        metadata.Add("llama.attention.value_length", (uint)llama.HeadSize);
        metadata.Add("llama.attention.layer_norm_rms_epsilon", llama.RmsNormEps);
    }

    public IEnumerable<GgufWeight> Weights(ILanguageModel model)
    {
        int headSize = model.Config.RotaryColumns;
        foreach (var tensor in model.StoredTensors)
        {
            bool turns = tensor.Name.Contains(".q_proj.", StringComparison.Ordinal) || tensor.Name.Contains(".k_proj.", StringComparison.Ordinal);
            yield return new(Names.Of(tensor.Name), tensor.Shape, turns ? tensor with { Pairs = new(headSize, headSize) } : tensor);
        }
    }
}
