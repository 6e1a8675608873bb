using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class RangeNormsTests
{
    const int Length = 70_001;

    // Ranges of one element, of none, within a vector, across blocks, and what lies before and behind them.
    static readonly int[] Starts = [3, 4, 4, 11, 77, 1_101, 18_000, 18_001, 69_990];

    [Theory, InlineData(true), InlineData(false)]
    public void Every_backend_agrees_with_the_reference(bool isDifference) => Agreement.Holds(0, Call(isDifference));

    [Theory, InlineData(true), InlineData(false)]
    public void Any_number_of_threads_gives_the_same_bits(bool isDifference) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(0, Call(isDifference));

    [Fact]
    public void The_difference_of_nearly_equal_numbers_keeps_its_digits()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var (before, after) = (bench.Weight("before", new(5_000)), bench.Weight("after", new(5_000)));
            for (int i = 0; i < 5_000; i++)
                (before.Span<float>()[i], after.Span<float>()[i]) = (1, 1 + 1f / (1 << 20)); // exact in F32
            var norms = bench.Scalars("norms", float.NaN);
            kernels.RangeNorms(norms, after, before, bench.Integers("starts", 0, 5_000));
            Assert.Equal(Math.Sqrt(5_000) / (1 << 20), norms.ToArray<float>()[0], 1e-10);
        }
    }

    [Fact]
    public void Squares_that_overflow_a_float_have_a_norm()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var (large, zero) = (bench.Weight("large", new(33)), bench.Weight("zero", new(33), 0));
            large.Span<float>().Fill(1e30f);
            var norms = bench.Scalars("norms", float.NaN, float.NaN);
            kernels.RangeNorms(norms, large, default, bench.Integers("starts", 0, 16, 32));
            Assert.All(norms.ToArray<float>(), norm => Assert.InRange(norm, 3.9999e30f, 4.0001e30f));
            kernels.RangeNorms(norms, large, zero, bench.Integers("starts", 0, 16, 32));
            Assert.All(norms.ToArray<float>(), norm => Assert.InRange(norm, 3.9999e30f, 4.0001e30f));
        }
    }

    [Fact]
    public void A_range_has_the_same_bits_whatever_the_ranges_beside_it()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var values = bench.Weight("values", new(Length));
            var (many, one) = (bench.Scalars("many", new float[3]), bench.Scalars("one", 0));
            kernels.RangeNorms(many, values, default, bench.Integers("three", 0, 100, 40_000, Length));
            kernels.RangeNorms(one, values, default, bench.Integers("middle", 100, 40_000));
            Assert.Equal(one.ToArray<float>()[0], many.ToArray<float>()[1]);
        }
    }

    static KernelCall Call(bool isDifference) => (bench, k) =>
    {
        var (values, minus) = (bench.Weight("values", new(Length)), bench.Weight("minus", new(Length)));
        float[] unknown = new float[Starts.Length - 1];
        Array.Fill(unknown, float.NaN);
        k.RangeNorms(bench.Scalars("norms", unknown), values, isDifference ? minus : default, bench.Integers("starts", Starts));
    };
}
