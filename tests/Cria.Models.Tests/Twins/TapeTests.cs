using Cria.Engine.Tensors;

namespace Cria.Models.Tests.Twins;

/// <summary>A twin is worth what its derivatives are worth: each is held to differences.</summary>
public sealed class TapeTests
{
    static readonly Dictionary<string, (int[] Sizes, Func<Tape, Matrix, Matrix, Matrix> Apply)> Operations = new()
    {
        ["product"] = ([4, 6, 6, 3], (t, a, b) => t.Product(a, b)),
        ["product with itself"] = ([4, 4, 1, 1], (t, a, _) => t.Product(a, a)),
        ["transpose"] = ([4, 6, 1, 1], (t, a, _) => t.Transpose(a)),
        ["sum"] = ([4, 6, 4, 6], (t, a, b) => t.Sum(a, b)),
        ["sum with a row"] = ([4, 6, 1, 6], (t, a, b) => t.Sum(a, b)),
        ["times a column"] = ([4, 6, 4, 1], (t, a, b) => t.Times(a, b)),
        ["times itself"] = ([4, 6, 1, 1], (t, a, _) => t.Times(a, a)),
        ["scale"] = ([4, 6, 1, 1], (t, a, _) => t.Scale(a, -1.7)),
        ["mean"] = ([4, 6, 1, 1], (t, a, _) => t.Mean(a)),
        ["rows, one twice and one never"] = ([4, 6, 1, 1], (t, a, _) => t.Rows(a, 2, 0, 2)),
        ["columns"] = ([4, 6, 1, 1], (t, a, _) => t.Columns(a, 5, 1, 1)),
        ["beside"] = ([4, 6, 4, 3], (t, a, b) => t.Beside(b, a, b)),
        ["causal softmax"] = ([5, 5, 1, 1], (t, a, _) => t.CausalSoftmax(t.Scale(a, 3))),
        ["cross-entropy with an ignored target"] = ([4, 6, 1, 1], (t, a, _) => t.CrossEntropy(a, [5, -1, 0, 5], 0.3)),
        ["layer norm"] = ([4, 6, 1, 6], (t, a, b) => t.LayerNorm(a, b, b, 1e-5)),
        ["RMS norm"] = ([4, 6, 1, 6], (t, a, b) => t.RmsNorm(a, b, 1e-6)),
        ["GELU"] = ([4, 6, 1, 1], (t, a, _) => t.Gelu(t.Scale(a, 2))),
        ["GELU of tanh"] = ([4, 6, 1, 1], (t, a, _) => t.GeluOfTanh(t.Scale(a, 2))),
        ["SiLU"] = ([4, 6, 1, 1], (t, a, _) => t.Silu(t.Scale(a, 2))),
        ["rotated neighbours"] = ([4, 6, 1, 1], (t, a, _) => t.RotateNeighbours(a, 4)),
        ["rotated halves"] = ([4, 6, 1, 1], (t, a, _) => t.RotateHalves(a, 50)),
        ["attention in groups"] = ([5, 12, 5, 6], (t, a, b) => t.Attention(t.Heads(a, 4), t.Heads(b, 2), t.Heads(b, 2), 0.8)),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operation_has_the_derivative_that_differences_show(string name)
    {
        var (sizes, apply) = Operations[name];
        var (a, b) = (Numbers("a", sizes[0], sizes[1]), Numbers("b", sizes[2], sizes[3]));
        double Run(bool backward)
        {
            var t = new Tape();
            var y = apply(t, a, b);
            var loss = t.Mean(t.Transpose(t.Mean(t.Times(y, Numbers("weights", y.Rows, y.Columns)))));
            if (backward)
                t.Backward(loss);
            return loss.Numbers[0];
        }
        Run(backward: true);
        foreach (var leaf in (Matrix[])[a, b])
            for (int i = 0; i < leaf.Numbers.Length; i++)
            {
                double before = leaf.Numbers[i];
                leaf.Numbers[i] = before + 1e-5;
                double above = Run(backward: false);
                leaf.Numbers[i] = before - 1e-5;
                double numeric = (above - Run(backward: false)) / 2e-5;
                leaf.Numbers[i] = before;
                Assert.True(Math.Abs(numeric - leaf.Gradient[i]) < 1e-8, $"{name}[{i}]: {leaf.Gradient[i]}, and differences say {numeric}");
            }
        Assert.Contains(a.Gradient, gradient => Math.Abs(gradient) > 1e-3);
    }

    [Theory]
    [InlineData(1e-9, 1.1283791670955127e-09), InlineData(0.1, 0.1124629160182849), InlineData(0.5, 0.5204998778130465)]
    [InlineData(-1, -0.8427007929497149), InlineData(2, 0.9953222650189527), InlineData(2.9, 0.9999589021219005)]
    [InlineData(3, 0.9999779095030014), InlineData(3.1, 0.9999883513426328), InlineData(4, 0.9999999845827421), InlineData(7, 1)]
    public void The_error_function_is_right_to_fifteen_digits(double x, double y) =>
        Assert.InRange(ErrorFunction.Erf(x), y - 1e-15 * Math.Abs(y), y + 1e-15 * Math.Abs(y));

    [Fact]
    public void The_two_rotations_turn_the_same_numbers_in_another_order()
    {
        var t = new Tape();
        var x = Numbers("x", 5, 6);
        var neighbours = t.RotateNeighbours(x, 6);
        var halves = t.RotateHalves(t.Columns(x, 0, 2, 4, 1, 3, 5), 10_000);
        Assert.Equal(neighbours.Numbers, t.Columns(halves, 0, 3, 1, 4, 2, 5).Numbers);
        Assert.Equal(x.Numbers[..6], neighbours.Numbers[..6]); // the first token is not turned
        Assert.Equal(x.Numbers[6] * Math.Cos(1) - x.Numbers[7] * Math.Sin(1), neighbours.Numbers[6], 1e-15);
        Assert.Equal(x.Numbers[7] * Math.Cos(1) + x.Numbers[6] * Math.Sin(1), neighbours.Numbers[7], 1e-15);
    }

    static Matrix Numbers(string name, int rows, int columns)
    {
        var random = Philox.For(3, name);
        return new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => random.Normal((ulong)i))]);
    }
}
