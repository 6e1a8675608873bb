namespace Cria.Models.Tests.Twins;

/// <summary>
/// GPT-J (Wang and Komatsuzaki, 2021) over a GPTJForCausalLM: attention and feed-forward read the same norm and are added
/// together, positions are rotations of neighbours in the first columns of every head, and the head has a bias.
/// </summary>
sealed class GptJTwin(GptJConfig config, Checkpoint file) : ITwin
{
    public Matrix Logits(Tape t, int[] ids)
    {
        var x = t.Rows(file["transformer.wte.weight"], ids);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string block = $"transformer.h.{layer}.";
            var normed = Norm(t, x, block + "ln_1");
            x = t.Sum(t.Sum(x, Attention(t, normed, block + "attn.")), Mlp(t, normed, block + "mlp."));
        }
        string head = config.TieWordEmbeddings ? "transformer.wte.weight" : "lm_head.weight";
        return t.Linear(Norm(t, x, "transformer.ln_f"), file[head], file["lm_head.bias"]);
    }

    Matrix Attention(Tape t, Matrix x, string name)
    {
        int size = config.HiddenSize / config.NumAttentionHeads, turned = config.RotaryDim == 0 ? size : config.RotaryDim;
        var q = Heads(t, x, name + "q_proj").Select(head => t.RotateNeighbours(head, turned));
        var k = Heads(t, x, name + "k_proj").Select(head => t.RotateNeighbours(head, turned));
        var y = t.Attention([.. q], [.. k], Heads(t, x, name + "v_proj"), 1 / Math.Sqrt(size));
        return t.Linear(y, file[name + "out_proj.weight"]);
    }

    Matrix[] Heads(Tape t, Matrix x, string name) => t.Heads(t.Linear(x, file[name + ".weight"]), config.NumAttentionHeads);

    Matrix Mlp(Tape t, Matrix x, string name)
    {
        var inner = t.Linear(x, file[name + "fc_in.weight"], file[name + "fc_in.bias"]);
        return t.Linear(t.GeluOfTanh(inner), file[name + "fc_out.weight"], file[name + "fc_out.bias"]);
    }

    Matrix Norm(Tape t, Matrix x, string name) =>
        t.LayerNorm(x, file[name + ".weight"], file[name + ".bias"], config.LayerNormEps);
}
