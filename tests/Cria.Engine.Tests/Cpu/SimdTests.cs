using System.Runtime.Intrinsics;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Reference;

namespace Cria.Engine.Tests.Cpu;

public sealed unsafe class SimdTests
{
    public static TheoryData<SimdWidth> Widths =>
        [.. Enum.GetValues<SimdWidth>().Where(SimdLevel.IsSupported)];

    [Theory, MemberData(nameof(Widths))]
    public void Exp_is_within_2_ulp_from_minus_87_to_88(SimdWidth width) =>
        Assert.InRange(WorstUlp(width, Function.Exp, -87, 88, 200_003, Math.Exp), 0, 2);

    [Theory, MemberData(nameof(Widths))]
    public void Log_is_within_2_ulp(SimdWidth width)
    {
        Assert.InRange(WorstUlp(width, Function.Log, 1e-40, 3, 100_003, Math.Log), 0, 2);
        Assert.InRange(WorstUlp(width, Function.Log, 3, 3e38, 100_003, Math.Log), 0, 2);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Sigmoid_is_within_4_ulp(SimdWidth width) =>
        Assert.InRange(WorstUlp(width, Function.Sigmoid, -86, 40, 100_003, x => 1 / (1 + Math.Exp(-x))), 0, 4);

    [Theory, MemberData(nameof(Widths))]
    public void Tanh_is_within_4_ulp(SimdWidth width) =>
        Assert.InRange(WorstUlp(width, Function.Tanh, -12, 12, 100_003, Math.Tanh), 0, 4);

    [Theory, MemberData(nameof(Widths))]
    public void Erf_is_within_2_ulp(SimdWidth width) =>
        Assert.InRange(WorstUlp(width, Function.Erf, -6, 6, 100_003, DoubleArithmetic.Erf), 0, 2);

    [Fact]
    public void Erf_of_doubles_is_right_to_the_last_places()
    {
        foreach (var (x, erf) in new[] { (1e-8, 1.1283791670955126e-8), (0.5, 0.5204998778130465), (1, 0.8427007929497149),
            (2, 0.9953222650189527), (2.9999, 0.99997789557351784), (3, 0.9999779095030014), (3.5, 0.9999992569016276), (7, 1) })
        {
            Assert.Equal(erf, DoubleArithmetic.Erf(x), 3e-16 * Math.Abs(erf));
            Assert.Equal(-erf, DoubleArithmetic.Erf(-x), 3e-16 * Math.Abs(erf));
        }
        Assert.True(double.IsNaN(DoubleArithmetic.Erf(double.NaN)));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Exp_of_what_is_not_positive_has_the_bits_of_exp(SimdWidth width)
    {
        foreach (float x in Sweep(-87, -1e-30, 40_000))
            Assert.Equal(Apply(width, Function.Exp, x), Apply(width, Function.ExpOfNegative, x));
        AssertEqual(width, Function.ExpOfNegative, (0, 1), (float.NaN, float.NaN));
        foreach (float x in new[] { -88f, -1e30f, float.NegativeInfinity })
            Assert.InRange(Apply(width, Function.ExpOfNegative, x), 0, 1.18e-38f);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Functions_keep_their_limits_and_pass_NaN_through(SimdWidth width)
    {
        const float inf = float.PositiveInfinity;
        AssertEqual(width, Function.Exp,
            (-inf, 0), (inf, inf), (float.NaN, float.NaN), (0, 1), (-88, 0), (-1e30f, 0), (89, inf), (1e30f, inf));
        AssertEqual(width, Function.Log,
            (inf, inf), (0, -inf), (-1, float.NaN), (-inf, float.NaN), (float.NaN, float.NaN), (1, 0));
        AssertEqual(width, Function.Sigmoid, (-inf, 0), (inf, 1), (float.NaN, float.NaN), (0, 0.5f));
        AssertEqual(width, Function.Tanh, (-inf, -1), (inf, 1), (float.NaN, float.NaN), (0, 0));
        AssertEqual(width, Function.Erf, (-inf, -1), (inf, 1), (float.NaN, float.NaN), (0, 0), (-4, -1), (1e30f, 1));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Operations_agree_with_scalar_arithmetic(SimdWidth width) => Run<Operations>(width);

    [Theory, MemberData(nameof(Widths))]
    public void Partial_loads_and_stores_touch_only_their_lanes(SimdWidth width) => Run<Partials>(width);

    enum Function
    {
        Exp,
        Log,
        Sigmoid,
        Tanh,
        ExpOfNegative,
        Erf,
    }

    interface ICheck
    {
        static abstract void Run<V, S>() where V : struct where S : struct, ISimd<V>;
    }

    static void Run<T>(SimdWidth width) where T : ICheck
    {
        switch (width)
        {
            case SimdWidth.Bits512:
                T.Run<Vector512<float>, Simd512>();
                break;
            case SimdWidth.Bits256:
                T.Run<Vector256<float>, Simd256>();
                break;
            default:
                T.Run<Vector128<float>, Simd128>();
                break;
        }
    }

    static float Apply(SimdWidth width, Function function, float x) => width switch
    {
        SimdWidth.Bits512 => Apply<Vector512<float>, Simd512>(function, x),
        SimdWidth.Bits256 => Apply<Vector256<float>, Simd256>(function, x),
        _ => Apply<Vector128<float>, Simd128>(function, x),
    };

    static float Apply<V, S>(Function function, float x) where V : struct where S : struct, ISimd<V>
    {
        V v = S.Splat(x);
        float* result = stackalloc float[16];
        S.Store(result, function switch
        {
            Function.Exp => S.Exp(v),
            Function.Log => S.Log(v),
            Function.Sigmoid => S.Sigmoid(v),
            Function.ExpOfNegative => SimdMath.ExpOfNegative<V, S>(v),
            Function.Erf => S.Erf(v),
            _ => S.Tanh(v),
        });
        for (int i = 1; i < S.Width; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(result[0]), BitConverter.SingleToInt32Bits(result[i]));
        return result[0];
    }

    /// <summary>Floats evenly spaced by value, and floats evenly spaced by their bits: as many small ones as large.</summary>
    static IEnumerable<float> Sweep(double from, double to, int count)
    {
        for (int i = 0; i < count; i++)
            yield return (float)(from + (to - from) * i / (count - 1));
        for (int sign = -1; sign <= 1; sign += 2)
            for (int i = 0; i < count; i++)
            {
                float x = sign * BitConverter.Int32BitsToSingle((int)(0x7f7fffffL * i / (count - 1)));
                if (x >= from && x <= to)
                    yield return x;
            }
    }

    static double WorstUlp(
        SimdWidth width, Function function, double from, double to, int count, Func<double, double> exact)
    {
        double worst = 0;
        foreach (float x in Sweep(from, to, count))
        {
            double expected = exact(x);
            double ulp = Math.Max(float.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected), 1.4e-45);
            double error = Math.Abs(Apply(width, function, x) - expected) / ulp;
            Assert.False(double.IsNaN(error), $"{function}({x}) is not a number.");
            worst = Math.Max(worst, error);
        }
        return worst;
    }

    static void AssertEqual(SimdWidth width, Function function, params (float X, float Y)[] cases)
    {
        foreach ((float x, float y) in cases)
            Assert.Equal(y, Apply(width, function, x));
    }

    sealed class Operations : ICheck
    {
        public static void Run<V, S>() where V : struct where S : struct, ISimd<V>
        {
            float* x = stackalloc float[16], y = stackalloc float[16];
            float sum = 0, max = float.NegativeInfinity;
            for (int i = 0; i < S.Width; i++)
            {
                x[i] = 0.5f * (i - 3);
                y[i] = 7 - i;
                sum += x[i];
                max = Math.Max(max, x[i]);
            }
            V a = S.Load(x), b = S.Load(y);
            Assert.Equal(sum, S.Sum(a));
            Assert.Equal(max, S.MaxAcross(a));
            Lanes<V, S>(S.Add(a, b), i => x[i] + y[i]);
            Lanes<V, S>(S.Subtract(a, b), i => x[i] - y[i]);
            Lanes<V, S>(S.Multiply(a, b), i => x[i] * y[i]);
            Lanes<V, S>(S.Divide(a, b), i => x[i] / y[i]);
            Lanes<V, S>(S.MulAdd(a, b, a), i => x[i] * y[i] + x[i]);
            Lanes<V, S>(S.Max(a, b), i => Math.Max(x[i], y[i]));
            Lanes<V, S>(S.Min(a, b), i => Math.Min(x[i], y[i]));
            Lanes<V, S>(S.Abs(a), i => Math.Abs(x[i]));
            Lanes<V, S>(S.Negate(a), i => -x[i]);
            Lanes<V, S>(S.Sqrt(S.Abs(a)), i => MathF.Sqrt(Math.Abs(x[i])));
            Lanes<V, S>(S.Round(a), i => MathF.Round(x[i]));
            Lanes<V, S>(S.Select(S.GreaterThan(a, b), a, S.Zero), i => x[i] > y[i] ? x[i] : 0);
            Lanes<V, S>(S.ScaleByPowerOfTwo(S.Splat(1.5f), S.Round(a)), i => 1.5f * MathF.Pow(2, MathF.Round(x[i])));
            Lanes<V, S>(S.ScaleByPowerOfTwo(S.Splat(0.75f), S.Splat(128)), _ => 0.75f * MathF.Pow(2, 127) * 2);
            Lanes<V, S>(S.Exponent(S.Splat(12)), _ => 3);
            Lanes<V, S>(S.Mantissa(S.Splat(12)), _ => 1.5f);
            Lanes<V, S>(S.GreaterThan(S.Splat(float.NaN), a), _ => 0);
        }

        static void Lanes<V, S>(V actual, Func<int, float> expected) where V : struct where S : struct, ISimd<V>
        {
            float* lanes = stackalloc float[16];
            S.Store(lanes, actual);
            for (int i = 0; i < S.Width; i++)
                Assert.Equal(expected(i), lanes[i]);
        }
    }

    sealed class Partials : ICheck
    {
        public static void Run<V, S>() where V : struct where S : struct, ISimd<V>
        {
            float* source = stackalloc float[16], target = stackalloc float[17];
            for (int i = 0; i < 16; i++)
                source[i] = i + 1;
            for (int count = 0; count <= S.Width; count++)
            {
                S.Store(target, S.LoadPartial(source, count));
                for (int i = 0; i < S.Width; i++)
                    Assert.Equal(i < count ? i + 1 : 0, target[i]);
                new Span<float>(target, 17).Fill(-1);
                S.StorePartial(target, S.Load(source), count);
                for (int i = 0; i < 17; i++)
                    Assert.Equal(i < count ? i + 1 : -1, target[i]);
            }
        }
    }
}
