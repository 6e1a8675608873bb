namespace Cria.Models.Tests.Twins;

/// <summary>GPT-2 (Radford et al., 2019) over a GPT2LMHeadModel: linear layers x · W + b with W as (inputs, outputs).</summary>
sealed class Gpt2Twin(Gpt2Config config, Checkpoint file) : ITwin
{
    public Matrix Logits(Tape t, int[] ids)
    {
        var positions = t.Rows(file["transformer.wpe.weight"], [.. Enumerable.Range(0, ids.Length)]);
        var x = t.Sum(t.Rows(file["transformer.wte.weight"], ids), positions);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string block = $"transformer.h.{layer}.";
            x = t.Sum(x, Attention(t, Norm(t, x, block + "ln_1"), block + "attn.", layer));
            x = t.Sum(x, Mlp(t, Norm(t, x, block + "ln_2"), block + "mlp."));
        }
        return t.Linear(Norm(t, x, "transformer.ln_f"), file["transformer.wte.weight"]);
    }

    Matrix Attention(Tape t, Matrix x, string name, int layer)
    {
        int heads = config.NumAttentionHeads, width = config.HiddenSize;
        var all = Conv1D(t, x, name + "c_attn");
        var parts = Enumerable.Range(0, 3).Select(part => t.Heads(t.Slice(all, part * width, width), heads)).ToArray();
        double scale = config.ScaleAttnWeights ? 1 / Math.Sqrt(width / heads) : 1;
        if (config.ScaleAttnByInverseLayerIdx)
            scale /= layer + 1;
        return Conv1D(t, t.Attention(parts[0], parts[1], parts[2], scale), name + "c_proj");
    }

    Matrix Mlp(Tape t, Matrix x, string name)
    {
        var inner = Conv1D(t, x, name + "c_fc");
        return Conv1D(t, config.HiddenAct == "gelu" ? t.Gelu(inner) : t.GeluOfTanh(inner), name + "c_proj");
    }

    Matrix Conv1D(Tape t, Matrix x, string name)
    {
        var y = t.Product(x, file[name + ".weight"]);
        return file.Find(name + ".bias") is { } bias ? t.Sum(y, bias) : y;
    }

    Matrix Norm(Tape t, Matrix x, string name) =>
        t.LayerNorm(x, file[name + ".weight"], file.Find(name + ".bias"), config.LayerNormEps);
}
