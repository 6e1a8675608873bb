using System.Runtime.Intrinsics;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class ActivationTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
            {
                Agreement.Holds(rows, Call<Gelu>(columns, mode));
                Agreement.Holds(rows, Call<ErfGelu>(columns, mode));
            }
    }

    [Theory, InlineData(30), InlineData(1e4), InlineData(1e12)]
    public void Large_inputs_neither_overflow_nor_lose_the_sign(double scale)
    {
        Agreement.Holds(9, Call<Gelu>(129, SinkMode.Overwrite, scale));
        Agreement.Holds(9, Call<ErfGelu>(129, SinkMode.Overwrite, scale));
    }

    [Theory, InlineData(7), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call<Gelu>(columns, SinkMode.Add));

    [Theory, InlineData(1), InlineData(7), InlineData(33), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call<Gelu>(columns, SinkMode.Add));

    /// <summary>The tanh formula in double, and its derivative by hand.</summary>
    [Fact]
    public void Gelu_is_within_two_ten_millionths_of_its_formula_and_its_slope_within_three()
    {
        (double value, double slope) = (0, 0);
        for (int i = -12_000; i <= 12_000; i++)
        {
            float x = i * 1e-3f;
            double u = Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x), tanh = Math.Tanh(u);
            double bend = Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            double y = 0.5 * x * (1 + tanh), dy = 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * bend;
            foreach (var (f, df) in Widths<Gelu>(x))
            {
                value = Math.Max(value, Math.Abs(f - y) / Math.Max(1, Math.Abs(y)));
                slope = Math.Max(slope, Math.Abs(df - dy));
            }
        }
        Assert.InRange(value, 0, 2e-7);
        Assert.InRange(slope, 0, 3e-7);
    }

    [Fact]
    public void The_exact_gelu_is_within_two_ten_millionths_of_its_formula_and_its_slope_within_three()
    {
        (double value, double slope) = (0, 0);
        for (int i = -12_000; i <= 12_000; i++)
        {
            float x = i * 1e-3f;
            double below = 0.5 * (1 + DoubleArithmetic.Erf(x / Math.Sqrt(2)));
            double y = x * below, dy = below + x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
            foreach (var (f, df) in Widths<ErfGelu>(x))
            {
                value = Math.Max(value, Math.Abs(f - y) / Math.Max(1, Math.Abs(y)));
                slope = Math.Max(slope, Math.Abs(df - dy));
            }
        }
        Assert.InRange(value, 0, 2e-7);
        Assert.InRange(slope, 0, 3e-7);
    }

    static IEnumerable<(float Value, float Slope)> Widths<F>(float x) where F : struct, IActivation
    {
        var one = Vector128.Create(1f);
        var v = Vector128.Create(x);
        yield return (F.Forward<Vector128<float>, Simd128>(v)[0], F.Backward<Vector128<float>, Simd128>(one, v)[0]);
        if (!SimdLevel.IsSupported(SimdWidth.Bits512))
            yield break;
        var wide = Vector512.Create(x);
        yield return (F.Forward<Vector512<float>, Simd512>(wide)[0],
            F.Backward<Vector512<float>, Simd512>(Vector512.Create(1f), wide)[0]);
    }

    static KernelCall Call<F>(int columns, SinkMode mode, double scale = 1) where F : struct, IActivation => (bench, k) =>
    {
        var x = bench.Input("x", columns, scale);
        k.Activate<F>(bench.Output("y", columns), x);
        k.ActivateBackward<F>(bench.Sink("dx", columns, mode), bench.Input("dy", columns), x);
    };
}
