using Cria.Engine.Tensors;
using Cria.Interop.Gguf;

namespace Cria.Interop.Tests.Gguf;

/// <summary>The smallest Llama that opens, around metadata that is looked at.</summary>
static class TinyLlama
{
    public static void Write(string path, GgufMetadataWriter metadata, int vocabSize)
    {
        metadata.Add("general.architecture", "llama");
        foreach (var (key, value) in ((string, uint)[])
            [("context_length", 8), ("embedding_length", 2), ("block_count", 1), ("feed_forward_length", 2), ("attention.head_count", 1)])
            metadata.Add($"llama.{key}", value);
        metadata.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        (string, GgufTensorType, Shape)[] tensors =
        [
            ("token_embd.weight", GgufTensorType.F32, new(vocabSize, 2)), ("output_norm.weight", GgufTensorType.F32, new(2)),
            .. ((string[])["attn_norm", "ffn_norm"]).Select(name => ($"blk.0.{name}.weight", GgufTensorType.F32, new Shape(2))),
            .. ((string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
                .Select(name => ($"blk.0.{name}.weight", GgufTensorType.F32, new Shape(2, 2))),
        ];
        using var file = new GgufWriter(path, metadata, tensors);
        foreach (var (_, _, shape) in tensors)
        {
            file.Begin();
            file.AppendPiece(new float[shape.Length]);
        }
        file.Complete();
    }
}
