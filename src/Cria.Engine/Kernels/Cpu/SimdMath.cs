using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// Elementary functions, written once for every vector width. Polynomials are Cephes' single-precision ones
/// (S. Moshier, netlib.org/cephes); arguments are reduced by Cody and Waite's two-part constants. NaN passes through.
/// </summary>
public static class SimdMath
{
    const float Log2E = 1.44269504f;

    // ln 2 in two parts: n * Ln2High is exact for the whole n that occur
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;

    // below the first, exp is less than the smallest normal number and 0 is given; above the second it is infinite
    const float ExpLowest = -87.33654f;
    const float ExpHighest = 88.8f;

    /// <summary>e^x within 2 ulp; 0 below -87.33654 (no subnormal results), infinity above 88.7228.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V lowest = S.Splat(ExpLowest);
        V underflow = S.GreaterThan(lowest, x);
        return S.Select(underflow, S.Zero, ExpInRange<V, S>(S.Min(S.Splat(ExpHighest), S.Max(lowest, x))));
    }

    /// <summary>
    /// <see cref="Exp"/> of what is not above 0, as softmax needs it, in fewer steps: the same bits, but the smallest normal number
    /// instead of 0 below -87.33654.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<V, S>(V x) where V : struct where S : struct, ISimd<V> =>
        ExpInRange<V, S>(S.Max(S.Splat(ExpLowest), x));

    /// <summary>The natural logarithm within 2 ulp; -infinity of 0, NaN of negative numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V one = S.Splat(1);
        V subnormal = S.GreaterThan(S.Splat(1.17549435e-38f), x);
        V scaled = S.Select(subnormal, S.Multiply(x, S.Splat(8388608f)), x);
        V exponent = S.Add(S.Exponent(scaled), S.Select(subnormal, S.Splat(-23), S.Zero));
        V mantissa = S.Mantissa(scaled);
        V large = S.GreaterThan(mantissa, S.Splat(1.41421356f));
        mantissa = S.Select(large, S.Multiply(mantissa, S.Splat(0.5f)), mantissa);
        exponent = S.Add(exponent, S.Select(large, one, S.Zero));

        V f = S.Subtract(mantissa, one);
        V square = S.Multiply(f, f);
        V p = S.Splat(7.0376836292e-2f);
        p = S.MulAdd(p, f, S.Splat(-1.1514610310e-1f));
        p = S.MulAdd(p, f, S.Splat(1.1676998740e-1f));
        p = S.MulAdd(p, f, S.Splat(-1.2420140846e-1f));
        p = S.MulAdd(p, f, S.Splat(1.4249322787e-1f));
        p = S.MulAdd(p, f, S.Splat(-1.6668057665e-1f));
        p = S.MulAdd(p, f, S.Splat(2.0000714765e-1f));
        p = S.MulAdd(p, f, S.Splat(-2.4999993993e-1f));
        p = S.MulAdd(p, f, S.Splat(3.3333331174e-1f));
        V y = S.Multiply(S.Multiply(p, f), square);
        y = S.MulAdd(exponent, S.Splat(Ln2Low), y);
        y = S.MulAdd(S.Splat(-0.5f), square, y);
        y = S.MulAdd(exponent, S.Splat(Ln2High), S.Add(f, y));

        // what the reduction does not see: infinity and NaN as they are, 0, and the negative
        y = S.Select(S.GreaterThan(S.Splat(float.PositiveInfinity), x), y, x);
        y = S.Select(S.GreaterThan(S.Splat(float.Epsilon), S.Abs(x)), S.Splat(float.NegativeInfinity), y);
        return S.Select(S.GreaterThan(S.Zero, x), S.Splat(float.NaN), y);
    }

    /// <summary>1 / (1 + e^-x) within 4 ulp; 0 below -88.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V one = S.Splat(1);
        return S.Divide(one, S.Add(one, Exp<V, S>(S.Negate(x))));
    }

    /// <summary>The hyperbolic tangent within 4 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V one = S.Splat(1);
        V magnitude = S.Abs(x);
        V e = Exp<V, S>(S.Add(magnitude, magnitude));
        V far = S.Subtract(one, S.Divide(S.Splat(2), S.Add(e, one)));
        far = S.Select(S.GreaterThan(S.Zero, x), S.Negate(far), far);

        V square = S.Multiply(x, x);
        V p = S.Splat(-5.70498872745e-3f);
        p = S.MulAdd(p, square, S.Splat(2.06390887954e-2f));
        p = S.MulAdd(p, square, S.Splat(-5.37397155531e-2f));
        p = S.MulAdd(p, square, S.Splat(1.33314422036e-1f));
        p = S.MulAdd(p, square, S.Splat(-3.33332819422e-1f));
        V near = S.MulAdd(S.Multiply(p, square), x, x);
        return S.Select(S.GreaterThan(magnitude, S.Splat(0.625f)), far, near);
    }

    /// <summary>
    /// The error function within 2 ulp. Near 0 erf(x) / x is a polynomial in x², farther out −ln(1 − erf(x)) is one in x; both
    /// interpolate at Chebyshev's points, which leaves 1e-9 of erf. From 4 on it is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V magnitude = S.Min(S.Splat(4), S.Abs(x));
        V r = S.Splat(-1.637151415e-6f);
        r = S.MulAdd(r, magnitude, S.Splat(4.605804269e-5f));
        r = S.MulAdd(r, magnitude, S.Splat(-5.968056257e-4f));
        r = S.MulAdd(r, magnitude, S.Splat(4.759596293e-3f));
        r = S.MulAdd(r, magnitude, S.Splat(-2.642113601e-2f));
        r = S.MulAdd(r, magnitude, S.Splat(1.100800829e-1f));
        r = S.MulAdd(r, magnitude, S.Splat(6.318260516e-1f));
        r = S.MulAdd(r, magnitude, S.Splat(1.130233435f));
        r = S.MulAdd(r, magnitude, S.Splat(-3.201380497e-4f));
        V far = S.Subtract(S.Splat(1), ExpOfNegative<V, S>(S.Negate(r)));
        far = S.Select(S.GreaterThan(S.Zero, x), S.Negate(far), far);

        V square = S.Multiply(x, x);
        V p = S.Splat(7.875875063e-5f);
        p = S.MulAdd(p, square, S.Splat(-8.016864287e-4f));
        p = S.MulAdd(p, square, S.Splat(5.189087423e-3f));
        p = S.MulAdd(p, square, S.Splat(-2.685421201e-2f));
        p = S.MulAdd(p, square, S.Splat(1.128359472e-1f));
        p = S.MulAdd(p, square, S.Splat(-3.761262667e-1f));
        p = S.MulAdd(p, square, S.Splat(1.283791670e-1f));
        V near = S.MulAdd(p, x, x); // 1.128… · x, of which x itself is exact
        return S.Select(S.GreaterThan(magnitude, S.Splat(1)), far, near);
    }

    /// <summary>x = n · ln 2 + r with r in -ln 2 / 2 .. ln 2 / 2, and e^x = 2^n · e^r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V ExpInRange<V, S>(V x) where V : struct where S : struct, ISimd<V>
    {
        V n = S.Round(S.Multiply(x, S.Splat(Log2E)));
        V r = S.MulAdd(n, S.Splat(-Ln2High), x);
        r = S.MulAdd(n, S.Splat(-Ln2Low), r);
        V p = S.Splat(1.9875691500e-4f);
        p = S.MulAdd(p, r, S.Splat(1.3981999507e-3f));
        p = S.MulAdd(p, r, S.Splat(8.3334519073e-3f));
        p = S.MulAdd(p, r, S.Splat(4.1665795894e-2f));
        p = S.MulAdd(p, r, S.Splat(1.6666665459e-1f));
        p = S.MulAdd(p, r, S.Splat(5.0000001201e-1f));
        p = S.Add(S.MulAdd(p, S.Multiply(r, r), r), S.Splat(1));
        return S.ScaleByPowerOfTwo(p, n);
    }
}
