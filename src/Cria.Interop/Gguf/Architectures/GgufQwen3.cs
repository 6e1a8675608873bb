using Cria.Models;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>Qwen3. Its rows turn in halves there as here; its heads' size must be written, as it need not be H / N.</summary>
sealed class GgufQwen3 : IGgufArchitecture
{
    public string Name => "qwen3";

    public Type ConfigType => typeof(Qwen3Config);

    public ModelConfig Read(GgufSizes sizes)
    {
        sizes.ExpectPlainPositions();
        int headSize = sizes.Size("attention.key_length");
        sizes.Expect("attention.value_length", headSize);
        sizes.Expect("rope.dimension_count", headSize);
        return new Qwen3Config
        {
            VocabSize = sizes.VocabSize,
            HiddenSize = sizes.Size("embedding_length"),
            IntermediateSize = sizes.Size("feed_forward_length"),
            NumHiddenLayers = sizes.Size("block_count"),
            NumAttentionHeads = sizes.Size("attention.head_count"),
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
        var qwen = (Qwen3Config)config;
        metadata.Add("qwen3.vocab_size", (uint)qwen.VocabSize);
        metadata.Add("qwen3.context_length", (uint)qwen.MaxPositionEmbeddings);
        metadata.Add("qwen3.embedding_length", (uint)qwen.HiddenSize);
        metadata.Add("qwen3.block_count", (uint)qwen.NumHiddenLayers);
        metadata.Add("qwen3.feed_forward_length", (uint)qwen.IntermediateSize);
        metadata.Add("qwen3.rope.freq_base", (float)qwen.RopeTheta);
        metadata.Add("qwen3.attention.head_count", (uint)qwen.NumAttentionHeads);
        metadata.Add("qwen3.attention.head_count_kv", (uint)qwen.KeyValueHeads);
        metadata.Add("qwen3.attention.key_length", (uint)qwen.HeadDim);
        metadata.Add("qwen3.attention.value_length", (uint)qwen.HeadDim);
        metadata.Add("qwen3.attention.layer_norm_rms_epsilon", qwen.RmsNormEps);
    }

    public IEnumerable<GgufWeight> Weights(ILanguageModel model) =>
        model.StoredTensors.Select(tensor => new GgufWeight(GgufLlama.Names.Of(tensor.Name), tensor.Shape, tensor));
}
