using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// x/2 · (1 + tanh u) with u = √(2/π) · (x + 0.044715 · x³). Hendrycks and Gimpel 2016, "Gaussian error linear units";
/// GPT-2's gelu_new. Because (1 + tanh u) / 2 = σ(2u), it is computed as x · σ(2u);
/// within 2e-7 · max(1, |y|) of the formula in single precision; its slope within 3e-7.
/// </summary>
public readonly struct Gelu : IActivation
{
    const float Linear = 1.59576912f; // 2 · √(2/π)
    const float Cubic = 0.0713548163f; // 2 · √(2/π) · 0.044715

    public static string Name => "gelu";

    public static V Forward<V, S>(V x) where V : struct where S : struct, IArithmetic<V> =>
        S.Multiply(x, S.Sigmoid(Double<V, S>(x, S.Multiply(x, x))));

    public static V Backward<V, S>(V dy, V x) where V : struct where S : struct, IArithmetic<V>
    {
        // Beyond ±9 the slope is 0 or 1 to the last bit; within, nothing overflows.
        x = S.Min(S.Splat(9), S.Max(S.Splat(-9), x));
        var square = S.Multiply(x, x);
        var decay = S.Exp(S.Subtract(S.Splat(0), Double<V, S>(x, square)));
        var gate = S.Divide(S.Splat(1), S.Add(S.Splat(1), decay));
        // gelu' = σ + x · σ · (1 − σ) · 2u', where 1 − σ = e^(−2u) · σ loses no digits, and 2u' = linear + 3 · cubic · x²
        var bend = S.Multiply(S.Multiply(x, gate), S.Multiply(decay, gate));
        return S.Multiply(dy, S.MulAdd(bend, S.MulAdd(S.Splat(3 * Cubic), square, S.Splat(Linear)), gate));
    }

    /// <summary>2u</summary>
    static V Double<V, S>(V x, V square) where V : struct where S : struct, IArithmetic<V> =>
        S.Multiply(x, S.MulAdd(S.Splat(Cubic), square, S.Splat(Linear)));
}
