namespace Cria.Models.Tests;

/// <summary>
/// GPT-2 in float64 as its formulas stand on paper, over the tensors of its files: products x · W + b with W (inputs,
/// outputs), queries, keys and values from one product. Slow and plain; it shares nothing with the engine.
/// </summary>
sealed class Gpt2Twin(Gpt2Config config, Func<string, double[]?> tensor)
{
    /// <summary>The logits of every token, one after the other.</summary>
    public double[] Logits(int[] ids)
    {
        int width = config.HiddenSize;
        double[] tokens = tensor("transformer.wte.weight")!, positions = tensor("transformer.wpe.weight")!;
        double[][] x = [.. ids.Select((id, t) => Sum(tokens[(id * width)..((id + 1) * width)], positions[(t * width)..((t + 1) * width)]))];
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string block = $"transformer.h.{layer}";
            double[][] attended = Attention([.. x.Select(row => Norm(row, block + ".ln_1"))], block + ".attn");
            x = [.. x.Zip(attended, Sum)];
            double[][] fed = [.. x.Select(row => Mlp(Norm(row, block + ".ln_2"), block + ".mlp"))];
            x = [.. x.Zip(fed, Sum)];
        }
        return [.. x.Select(row => Norm(row, "transformer.ln_f")).SelectMany(row =>
            Enumerable.Range(0, config.VocabSize).Select(id => Dot(row, tokens[(id * width)..((id + 1) * width)])))];
    }

    double[][] Attention(double[][] x, string name)
    {
        int width = config.HiddenSize, size = width / config.NumAttentionHeads;
        double[][] all = [.. x.Select(row => Product(row, name + ".c_attn", 3 * width))];
        double[][] y = [.. x.Select(_ => new double[width])];
        for (int head = 0; head < config.NumAttentionHeads; head++)
            for (int t = 0; t < x.Length; t++)
            {
                int q = head * size, k = width + q, v = 2 * width + q;
                double[] scores = [.. Enumerable.Range(0, t + 1).Select(s => Math.Exp(
                    Dot(all[t][q..(q + size)], all[s][k..(k + size)]) / Math.Sqrt(size)))];
                for (int s = 0; s <= t; s++)
                    for (int d = 0; d < size; d++)
                        y[t][q + d] += scores[s] / scores.Sum() * all[s][v + d];
            }
        return [.. y.Select(row => Product(row, name + ".c_proj", width))];
    }

    double[] Mlp(double[] x, string name)
    {
        double[] inner = Product(x, name + ".c_fc", config.FeedForwardSize);
        return Product([.. inner.Select(Gelu)], name + ".c_proj", config.HiddenSize);
    }

    double[] Product(double[] x, string name, int outputs)
    {
        double[] weight = tensor(name + ".weight")!;
        double[]? bias = tensor(name + ".bias");
        double[] y = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            y[o] = bias?[o] ?? 0;
            for (int i = 0; i < x.Length; i++)
                y[o] += x[i] * weight[i * outputs + o];
        }
        return y;
    }

    double[] Norm(double[] x, string name)
    {
        double[] weight = tensor(name + ".weight")!;
        double[]? bias = tensor(name + ".bias");
        double mean = x.Average(), variance = x.Average(value => (value - mean) * (value - mean));
        return [.. x.Select((value, c) => (value - mean) / Math.Sqrt(variance + config.LayerNormEps) * weight[c] + (bias?[c] ?? 0))];
    }

    static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * Math.Pow(x, 3))));

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
