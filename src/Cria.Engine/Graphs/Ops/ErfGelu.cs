using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// x · Φ(x) = x/2 · (1 + erf(x / √2)), the exact GELU of Hendrycks and Gimpel 2016; Φ is the normal distribution.
/// Within 2e-7 · max(1, |y|) of the formula in single precision; its slope within 3e-7.
/// </summary>
public readonly struct ErfGelu : IActivation
{
    const float InverseRoot2 = 0.707106781f;
    const float Density = 0.398942280f; // 1 / √(2π)

    public static string Name => "gelu (erf)";

    public static V Forward<V, S>(V x) where V : struct where S : struct, IArithmetic<V> =>
        S.Multiply(x, Below<V, S>(x));

    public static V Backward<V, S>(V dy, V x) where V : struct where S : struct, IArithmetic<V>
    {
        // Beyond ±9 the slope is 0 or 1 to the last bit; within, nothing overflows.
        x = S.Min(S.Splat(9), S.Max(S.Splat(-9), x));
        var density = S.Multiply(S.Splat(Density), S.Exp(S.Multiply(S.Multiply(S.Splat(-0.5f), x), x)));
        return S.Multiply(dy, S.MulAdd(x, density, Below<V, S>(x)));
    }

    /// <summary>Φ(x)</summary>
    static V Below<V, S>(V x) where V : struct where S : struct, IArithmetic<V> =>
        S.MulAdd(S.Splat(0.5f), S.Erf(S.Multiply(S.Splat(InverseRoot2), x)), S.Splat(0.5f));
}
