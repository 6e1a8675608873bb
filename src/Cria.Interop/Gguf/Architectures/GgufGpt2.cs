using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>
/// GPT-2. Queries, keys and values are one tensor there as at Hugging Face, but its rows are outputs, as ours are. llama.cpp
/// always adds biases, so a model without any is written with zeros, and says so under a key of its own.
/// </summary>
sealed class GgufGpt2 : IGgufArchitecture
{
    const string Positions = "position_embd.weight", HasBias = "cria.gpt2.bias";

    static readonly GgufNames Names = new("transformer.h.", new Dictionary<string, string>
    {
        ["transformer.wte"] = "token_embd",
        ["transformer.wpe"] = "position_embd",
        ["transformer.ln_f"] = "output_norm",
        ["ln_1"] = "attn_norm",
        ["attn.c_attn"] = "attn_qkv",
        ["attn.c_proj"] = "attn_output",
        ["ln_2"] = "ffn_norm",
        ["mlp.c_fc"] = "ffn_up",
        ["mlp.c_proj"] = "ffn_down",
    });

    public string Name => "gpt2";

    public Type ConfigType => typeof(Gpt2Config);

    public ModelConfig Read(GgufSizes sizes)
    {
        if (!sizes.IsTied)
            throw new CheckpointException($"{sizes.File.Path} has an output.weight of its own; a GPT-2 whose head is its embedding can be read.");
        int hidden = sizes.Size("embedding_length"), inner = sizes.Size("feed_forward_length"), context = sizes.Size("context_length");
        if (!sizes.Sizes(Positions).SequenceEqual([hidden, context]))
            throw new CheckpointException($"{sizes.File.Path}: {Positions} is ({string.Join(", ", sizes.Sizes(Positions))}), and the metadata makes it ({hidden}, {context}).");
        return new Gpt2Config
        {
            VocabSize = sizes.VocabSize,
            HiddenSize = hidden,
            IntermediateSize = inner == 4L * hidden ? 0 : inner,
            NumHiddenLayers = sizes.Size("block_count"),
            NumAttentionHeads = sizes.Size("attention.head_count"),
            MaxPositionEmbeddings = context,
            LayerNormEps = sizes.Real("attention.layer_norm_epsilon"),
            Bias = sizes.File.Metadata.Flag(HasBias) ?? sizes.File.Tensors.ContainsKey("blk.0.attn_qkv.bias"),
        };
    }

    public void Write(ModelConfig config, GgufMetadataWriter metadata)
    {
        var gpt2 = (Gpt2Config)config;
        if (gpt2.HiddenAct != "gelu_new" || !gpt2.ScaleAttnWeights || gpt2.ScaleAttnByInverseLayerIdx)
            throw new CheckpointException($"llama.cpp's gpt2 has GELU in its tanh form and divides scores by √D alone, and this model has hidden_act {gpt2.HiddenAct}, " +
                $"scale_attn_weights {gpt2.ScaleAttnWeights} and scale_attn_by_inverse_layer_idx {gpt2.ScaleAttnByInverseLayerIdx}; export it to hf.");
        metadata.Add("gpt2.vocab_size", (uint)gpt2.VocabSize);
        metadata.Add("gpt2.context_length", (uint)gpt2.MaxPositionEmbeddings);
        metadata.Add("gpt2.embedding_length", (uint)gpt2.HiddenSize);
        metadata.Add("gpt2.block_count", (uint)gpt2.NumHiddenLayers);
        metadata.Add("gpt2.feed_forward_length", (uint)gpt2.MlpColumns);
        metadata.Add("gpt2.attention.head_count", (uint)gpt2.NumAttentionHeads);
        metadata.Add("gpt2.attention.layer_norm_epsilon", gpt2.LayerNormEps);
        if (!gpt2.Bias)
            metadata.Add(HasBias, false);
    }

    public IEnumerable<GgufWeight> Weights(ILanguageModel model)
    {
        bool hasBias = ((Gpt2Config)model.Config).Bias;
        foreach (var tensor in model.StoredTensors)
        {
            var rows = new StoredTensor(tensor.Name, IsTransposed: false, tensor.Parts);
            string name = Names.Of(tensor.Name);
            yield return new(name, rows.Shape, rows);
            if (!hasBias && !name.EndsWith("_embd.weight", StringComparison.Ordinal))
                yield return new(Path.ChangeExtension(name, "bias"), new(rows.Shape.Rank == 1 ? rows.Shape.Columns : rows.Shape.Rows), null);
        }
    }
}
