namespace Cria.Models.Tests.Twins;

/// <summary>Llama (Touvron et al., 2023) over a LlamaForCausalLM, whose q and k are stored for rotation of halves.</summary>
sealed class LlamaTwin(LlamaConfig config, Checkpoint file) : ITwin
{
    public Matrix Logits(Tape t, int[] ids)
    {
        var x = Embedded(t, file["model.embed_tokens.weight"], ids);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string block = $"model.layers.{layer}.";
            x = t.Sum(x, Attention(t, Norm(t, x, block + "input_layernorm"), block + "self_attn."));
            x = t.Sum(x, t.SwiGlu(Norm(t, x, block + "post_attention_layernorm"), file, block + "mlp."));
        }
        string head = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        return Linear(t, Norm(t, x, "model.norm"), head);
    }

    /// <summary>The row of the token that only fills up learns nothing here, but from a tied head (PyTorch's padding_idx).</summary>
    Matrix Embedded(Tape t, Matrix table, int[] ids)
    {
        var rows = t.Rows(table, ids);
        Matrix Mask(bool fills) => new(ids.Length, 1, [.. ids.Select(id => id == config.PadTokenId == fills ? 1.0 : 0)]);
        var constant = new Matrix(rows.Rows, rows.Columns, rows.Numbers);
        return t.Sum(t.Times(rows, Mask(fills: false)), t.Times(constant, Mask(fills: true)));
    }

    Matrix Attention(Tape t, Matrix x, string name)
    {
        int heads = config.NumAttentionHeads, keyHeads = config.NumKeyValueHeads == 0 ? heads : config.NumKeyValueHeads;
        int size = config.HeadDim == 0 ? config.HiddenSize / heads : config.HeadDim;
        var q = t.Heads(Linear(t, x, name + "q_proj"), heads).Select(head => t.RotateHalves(head, config.RopeTheta));
        var k = t.Heads(Linear(t, x, name + "k_proj"), keyHeads).Select(head => t.RotateHalves(head, config.RopeTheta));
        var v = t.Heads(Linear(t, x, name + "v_proj"), keyHeads);
        return Linear(t, t.Attention([.. q], [.. k], v, 1 / Math.Sqrt(size)), name + "o_proj");
    }

    Matrix Linear(Tape t, Matrix x, string name) => t.Linear(x, file[name + ".weight"]);

    Matrix Norm(Tape t, Matrix x, string name) => t.RmsNorm(x, file[name + ".weight"], config.RmsNormEps);
}
