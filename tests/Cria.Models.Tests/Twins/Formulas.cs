namespace Cria.Models.Tests.Twins;

/// <summary>What the papers have in common, composed of the operations of a <see cref="Tape"/>.</summary>
static class Formulas
{
    /// <summary>(x - mean) / √(variance + ε) · weight + bias (Ba, Kiros and Hinton, 2016).</summary>
    public static Matrix LayerNorm(this Tape t, Matrix x, Matrix weight, Matrix? bias, double epsilon)
    {
        var centred = t.Sum(x, t.Scale(t.Mean(x), -1));
        var y = t.RmsNorm(centred, weight, epsilon);
        return bias is null ? y : t.Sum(y, bias);
    }

    /// <summary>x / √(mean of squares + ε) · weight (Zhang and Sennrich, 2019).</summary>
    public static Matrix RmsNorm(this Tape t, Matrix x, Matrix weight, double epsilon)
    {
        var inverse = t.Map(t.Mean(t.Times(x, x)), v => 1 / Math.Sqrt(v + epsilon), v => -0.5 * Math.Pow(v + epsilon, -1.5));
        return t.Times(t.Times(x, inverse), weight);
    }

    /// <summary>x · Wᵀ + b, W as (outputs, inputs).</summary>
    public static Matrix Linear(this Tape t, Matrix x, Matrix weight, Matrix? bias = null)
    {
        var y = t.Product(x, t.Transpose(weight));
        return bias is null ? y : t.Sum(y, bias);
    }

    /// <summary>x · Φ(x) (Hendrycks and Gimpel, 2016).</summary>
    public static Matrix Gelu(this Tape t, Matrix x)
    {
        static double Below(double z) => 0.5 * (1 + ErrorFunction.Erf(z / Math.Sqrt(2)));
        return t.Map(x, z => z * Below(z), z => Below(z) + z * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The same paper's approximation, which GPT-2 uses: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    public static Matrix GeluOfTanh(this Tape t, Matrix x)
    {
        var inner = t.Scale(t.Sum(x, t.Scale(t.Times(t.Times(x, x), x), 0.044715)), Math.Sqrt(2 / Math.PI));
        var bent = t.Map(inner, Math.Tanh, z => 1 / (Math.Cosh(z) * Math.Cosh(z)));
        return t.Scale(t.Times(x, t.Map(bent, z => 1 + z, _ => 1)), 0.5);
    }

    /// <summary>x · sigmoid(x).</summary>
    public static Matrix Silu(this Tape t, Matrix x)
    {
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        return t.Map(x, z => z * Sigmoid(z), z => Sigmoid(z) * (1 + z * (1 - Sigmoid(z))));
    }

    /// <summary>W₂(SiLU(W₁ x) · W₃ x) under the names of Hugging Face's Llama (Shazeer, 2020).</summary>
    public static Matrix SwiGlu(this Tape t, Matrix x, Checkpoint file, string name)
    {
        var gate = t.Silu(t.Linear(x, file[name + "gate_proj.weight"]));
        return t.Linear(t.Times(gate, t.Linear(x, file[name + "up_proj.weight"])), file[name + "down_proj.weight"]);
    }

    /// <summary>Equal groups of columns.</summary>
    public static Matrix[] Heads(this Tape t, Matrix x, int count) =>
        [.. Enumerable.Range(0, count).Select(head => t.Slice(x, head * (x.Columns / count), x.Columns / count))];

    public static Matrix Slice(this Tape t, Matrix x, int first, int count) => t.Columns(x, [.. Enumerable.Range(first, count)]);

    /// <summary>softmax(scale · q kᵀ) v of every head, side by side; heads of queries share those of keys in equal groups.</summary>
    public static Matrix Attention(this Tape t, Matrix[] q, Matrix[] k, Matrix[] v, double scale) =>
        t.Beside([.. q.Select((query, head) =>
        {
            int group = head / (q.Length / k.Length);
            return t.Product(t.CausalSoftmax(t.Scale(t.Linear(query, k[group]), scale)), v[group]);
        })]);

    /// <summary>
    /// Rotary positions as GPT-J has them: of the first <paramref name="size"/> columns, 2j and 2j + 1 are turned by
    /// t · 10000^(-2j/size) in row t; the others stay (Su et al., 2021, equation 34).
    /// </summary>
    public static Matrix RotateNeighbours(this Tape t, Matrix x, int size)
    {
        int[] partners = [.. Enumerable.Range(0, size).Select(c => c % 2 == 0 ? c + 1 : c - 1)];
        var turned = t.Rotate(t.Slice(x, 0, size), partners, c => c % 2 == 0 ? -1 : 1, c => c / 2, 10_000);
        return size == x.Columns ? turned : t.Beside(turned, t.Slice(x, size, x.Columns - size));
    }

    /// <summary>Rotary positions as Hugging Face's Llama has them: columns j and j + D/2 are turned by t · θ^(-2j/D) in row t.</summary>
    public static Matrix RotateHalves(this Tape t, Matrix x, double theta)
    {
        int half = x.Columns / 2;
        int[] partners = [.. Enumerable.Range(0, x.Columns).Select(c => (c + half) % x.Columns)];
        return t.Rotate(x, partners, c => c < half ? -1 : 1, c => c % half, theta);
    }

    /// <summary>y = x · cos + partner · sign · sin.</summary>
    static Matrix Rotate(this Tape t, Matrix x, int[] partners, Func<int, double> sign, Func<int, int> frequency, double theta)
    {
        Matrix Table(Func<double, int, double> f) => new(x.Rows, x.Columns, [.. Enumerable.Range(0, x.Rows).SelectMany(row =>
            Enumerable.Range(0, x.Columns).Select(c => f(row * Math.Pow(theta, -2.0 * frequency(c) / x.Columns), c)))]);
        var partner = t.Times(t.Columns(x, partners), Table((angle, c) => sign(c) * Math.Sin(angle)));
        return t.Sum(t.Times(x, Table((angle, _) => Math.Cos(angle))), partner);
    }
}
