using Cria.Models;

namespace Cria.Interop.Llama2c;

/// <summary>The order of a file's tensors, by our names. Each kind has all its layers one after another.</summary>
static class Llama2cLayout
{
    const string Embedding = "model.embed_tokens", FinalNorm = "model.norm", Head = "lm_head";
    const string AttentionNorm = "input_layernorm", MlpNorm = "post_attention_layernorm";
    const string Q = "self_attn.q_proj", K = "self_attn.k_proj";

    static readonly string[] Attention = [Q, K, "self_attn.v_proj", "self_attn.o_proj"];
    static readonly string[] Mlp = ["mlp.gate_proj", "mlp.down_proj", "mlp.up_proj"];

    /// <summary>The model's tensors in the order of the file; the rows of queries and keys lie in pairs side by side.</summary>
    /// <returns>Null stands for the tables of cosines and sines, which legacy files have.</returns>
    public static IEnumerable<StoredTensor?> Of(Llama2cHeader header, ILanguageModel model)
    {
        var tensors = model.StoredTensors.ToDictionary(tensor => tensor.Name);
        foreach (string? kind in header.Version == 0 ? Legacy(header.IsTied) : Version1(header.IsTied))
        {
            if (kind is null)
                yield return null;
            else if (tensors.TryGetValue($"{kind}.weight", out var single))
                yield return single;
            else
                for (int layer = 0; layer < header.Layers; layer++)
                {
                    var tensor = tensors[$"model.layers.{layer}.{kind}.weight"];
                    yield return kind is Q or K ? tensor with { Pairs = new(header.HeadSize, header.HeadSize) } : tensor;
                }
        }
    }

    static string?[] Legacy(bool isTied) =>
        [Embedding, AttentionNorm, .. Attention, MlpNorm, .. Mlp, FinalNorm, null, .. isTied ? (string[])[] : [Head]];

    static string?[] Version1(bool isTied) =>
        [AttentionNorm, MlpNorm, FinalNorm, Embedding, .. Attention, .. Mlp, .. isTied ? (string[])[] : [Head]];
}
