using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class OptimizerTests
{
    public static TheoryData<int> Lengths => [1, 3, 7, 17, 33, 129, 1023, 70_001];

    [Theory, MemberData(nameof(Lengths))]
    public void Every_backend_agrees_with_the_reference(int length)
    {
        foreach (float maxNorm in new[] { 0, 0.5f, 1e6f })
            Agreement.Holds(0, Call(length, maxNorm));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Any_number_of_threads_gives_the_same_bits(int length) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(0, Call(length, 0.5f));

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void A_gradient_that_is_not_finite_leaves_everything_as_it_is(float bad)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var (w, m, v, g) = State(bench, 77);
            g.Span<float>()[70] = bad;
            float[] weights = w.ToArray<float>(), first = m.ToArray<float>(), second = v.ToArray<float>();
            var scalars = bench.Scalars("scalars", 0.01f, 0.1f, 0.05f, 7, 7);
            kernels.ClipByGlobalNorm(scalars, g, 1);
            kernels.AdamW(w, m, v, g, scalars, new(0.9f, 0.95f, 1e-8f, 0.1f));
            Assert.Equal(0, scalars.Span<float>()[(int)StepScalar.ClipFactor]);
            Assert.False(float.IsFinite(scalars.Span<float>()[(int)StepScalar.GradientNorm]), kernels.Name);
            Assert.Equal(weights, w.ToArray<float>());
            Assert.Equal(first, m.ToArray<float>());
            Assert.Equal(second, v.ToArray<float>());
        }
    }

    [Fact]
    public void A_norm_of_zero_does_not_clip()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var scalars = bench.Scalars("scalars", 0, 0, 0, 7, 7);
            kernels.ClipByGlobalNorm(scalars, bench.Weight("zeros", new(33), 0), 1);
            Assert.Equal([0, 0, 0, 0, 1], scalars.ToArray<float>());
        }
    }

    static KernelCall Call(int length, float maxNorm) => (bench, k) =>
    {
        var (w, m, v, g) = State(bench, length);
        var scalars = bench.Scalars("scalars", 0.01f, 0.1f, 0.05f, float.NaN, float.NaN);
        k.ClipByGlobalNorm(scalars, g, maxNorm);
        k.AdamW(w, m, v, g, scalars, new(0.9f, 0.95f, 1e-8f, 0.1f));
    };

    static (Tensor W, Tensor M, Tensor V, Tensor G) State(Workbench bench, int length)
    {
        var v = bench.Weight("v", new(length), 0.1);
        if (v.DType == DType.F64) // a second moment is not negative
            foreach (ref double x in v.Span<double>())
                x = Math.Abs(x);
        else
            foreach (ref float x in v.Span<float>())
                x = Math.Abs(x);
        return (bench.Weight("w", new(length)), bench.Weight("m", new(length), 0.1), v, bench.Weight("g", new(length)));
    }
}
