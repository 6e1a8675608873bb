namespace Cria.Models.Tests.Twins;

/// <summary>
/// Qwen3 (Qwen Team, 2025) over a Qwen3ForCausalLM: Llama's block, where every head of queries and of keys is normed by
/// itself before it is rotated, with gains that all heads share.
/// </summary>
sealed class Qwen3Twin(Qwen3Config config, Checkpoint file) : ITwin
{
    public Matrix Logits(Tape t, int[] ids)
    {
        var x = t.Rows(file["model.embed_tokens.weight"], ids);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string block = $"model.layers.{layer}.";
            x = t.Sum(x, Attention(t, Norm(t, x, block + "input_layernorm"), block + "self_attn."));
            x = t.Sum(x, t.SwiGlu(Norm(t, x, block + "post_attention_layernorm"), file, block + "mlp."));
        }
        string head = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        return t.Linear(Norm(t, x, "model.norm"), file[head + ".weight"]);
    }

    Matrix Attention(Tape t, Matrix x, string name)
    {
        Matrix[] Heads(string part, int count) => t.Heads(t.Linear(x, file[name + part + "_proj.weight"]), count);
        Matrix Placed(Matrix head, string part) => t.RotateHalves(Norm(t, head, name + part + "_norm"), config.RopeTheta);
        int keyHeads = config.NumKeyValueHeads == 0 ? config.NumAttentionHeads : config.NumKeyValueHeads;
        var q = Heads("q", config.NumAttentionHeads).Select(head => Placed(head, "q")).ToArray();
        var k = Heads("k", keyHeads).Select(head => Placed(head, "k")).ToArray();
        var y = t.Attention(q, k, Heads("v", keyHeads), 1 / Math.Sqrt(config.HeadDim));
        return t.Linear(y, file[name + "o_proj.weight"]);
    }

    Matrix Norm(Tape t, Matrix x, string name) => t.RmsNorm(x, file[name + ".weight"], config.RmsNormEps);
}
