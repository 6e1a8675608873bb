using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Reference;

/// <summary>The specification itself, against answers that need no program.</summary>
public sealed class ReferenceTests : IDisposable
{
    readonly ReferenceKernels<double> _kernels = new();
    readonly Workbench _bench = new(DType.F64, 4);

    [Fact]
    public void RmsNorm_of_equal_numbers_is_their_sign_times_the_weight()
    {
        Tensor x = Filled("x", 3, -2), weight = _bench.Weight("weight", new(3)), y = _bench.Output("y", 3);
        _kernels.RmsNorm(y, _bench.Output("inverse", 1), x, weight, epsilon: 0);
        for (int c = 0; c < 3; c++)
            Assert.Equal(-weight.Span<double>()[c], y.Span<double>()[c], 1e-15);
    }

    [Fact]
    public void Equal_logits_cost_the_logarithm_of_the_vocabulary()
    {
        var loss = _bench.Output("loss", 1);
        _kernels.CrossEntropy(loss, Filled("logits", 7, 3), _bench.Integers("targets", 0, 6, -1, 2).Reshape(new(4, 1)), smoothing: 0);
        Assert.Equal([Math.Log(7), Math.Log(7), 0, Math.Log(7)], loss.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Theory, InlineData(0, 0), InlineData(1, 0.7310585786300049), InlineData(-2, -0.2384058440442351)]
    public void SwiGlu_is_the_gate_times_its_logistic_times_the_other(double gate, double silu)
    {
        var y = _bench.Output("y", 1);
        _kernels.Map<SwiGlu>(y, Filled("gate", 1, gate), Filled("up", 1, 3));
        Assert.Equal(3 * silu, y.Span<double>()[0], 1e-15);
    }

    [Fact]
    public void Queries_that_match_no_key_better_see_the_mean_of_what_is_before_them()
    {
        var spans = _bench.Spans([3, 1]);
        Tensor v = _bench.Input("v", 2), y = _bench.Output("y", 2), log = _bench.Output("log", 1);
        _kernels.Attention(y, log, Filled("q", 2, 1), Filled("k", 2, 0), v, spans, new(1, 1, 2, 1));
        double[] given = v.ToArray<double>(), seen = y.ToArray<double>();
        Assert.Equal(given[0], seen[0], 1e-15);
        Assert.Equal((given[0] + given[2]) / 2, seen[2], 1e-15);
        Assert.Equal((given[1] + given[3] + given[5]) / 3, seen[5], 1e-15);
        Assert.Equal(given[7], seen[7], 1e-15); // another document
        Assert.Equal([0, Math.Log(2), Math.Log(3), 0], log.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Turned_queries_and_keys_have_products_that_depend_on_their_distance_alone()
    {
        using var table = new RopeTable(CpuDevice.Instance, DType.F64, 64, 6, theta: 100);
        double near = Product(3, 1), far = Product(43, 41), other = Product(3, 2);
        Assert.Equal(near, far, 1e-12);
        Assert.NotEqual(near, other, 1e-3);

        double Product(int first, int second)
        {
            using var bench = new Workbench(DType.F64, 2);
            var x = bench.Input("x", 6);
            _kernels.Rope(x, x, bench.Integers("positions", first, second).Reshape(new(2, 1)), table.Value.Data, 6, inverse: false);
            return x.Span<double>()[..6].ToArray().Zip(x.Span<double>()[6..].ToArray(), (a, b) => a * b).Sum();
        }
    }

    [Fact]
    public void The_first_step_of_AdamW_moves_every_weight_by_the_learning_rate_against_its_gradient()
    {
        var weights = Filled("w", 2, 10);
        var gradients = _bench.Input("g", 2);
        _kernels.AdamW(weights, Filled("m", 2, 0), Filled("v", 2, 0), gradients,
            _bench.Scalars("scalars", 0.5f, 1 - 0.9f, 1 - 0.99f, 1, 1), new(0.9f, 0.99f, 0, WeightDecay: 0.125f));
        for (int i = 0; i < 8; i++) // decay is apart from the gradient: 0.5 · 0.125 · 10
            Assert.Equal(10 - 0.625 - 0.5 * Math.Sign(gradients.Span<double>()[i]), weights.Span<double>()[i], 1e-6);
    }

    [Theory, InlineData(10, 0.5f), InlineData(0, 1), InlineData(30, 1)]
    public void A_norm_of_twenty_is_clipped_to_the_largest_one_allowed(float maxNorm, float factor)
    {
        var scalars = _bench.Scalars("scalars", 0, 0, 0, 0, 0);
        _kernels.ClipByGlobalNorm(scalars, Filled("gradients", 25, 2), maxNorm); // √(4 · 25 · 4)
        Assert.Equal([20, factor], scalars.ToArray<float>()[3..]);
    }

    [Fact]
    public void In_float_it_agrees_with_itself_in_double()
    {
        var expected = Agreement.Run(_kernels, DType.F64, 5, Call);
        var actual = Agreement.Run(new ReferenceKernels<float>(), DType.F32, 5, Call);
        foreach (var (x, y) in expected.Zip(actual))
            Assert.Equal(x.Values, y.Values, (a, b) => Math.Abs(a - b) < 1e-5);

        static void Call(Workbench bench, IKernels k) =>
            k.MatMul(bench.Output("y", 9), bench.Input("x", 33), bench.Weight("w", new(9, 33)));
    }

    public void Dispose() => _bench.Dispose();

    Tensor Filled(string name, int columns, double value)
    {
        var tensor = _bench.Input(name, columns);
        tensor.Span<double>().Fill(value);
        return tensor;
    }
}
