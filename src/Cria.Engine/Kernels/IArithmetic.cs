namespace Cria.Engine.Kernels;

/// <summary>The operations a formula may use, on a number or on a vector of numbers.</summary>
public interface IArithmetic<V> where V : struct
{
    static abstract V Splat(float value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a · b + c, rounded once where the hardware can, never by a software routine.</summary>
    static abstract V MulAdd(V a, V b, V c);

    /// <summary>The greater of each pair. Where one is NaN: b on x86, NaN on Arm; so pass what may be NaN as b.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The lesser of each pair. Where one is NaN: b on x86, NaN on Arm; so pass what may be NaN as b.</summary>
    static abstract V Min(V a, V b);

    static abstract V Sqrt(V x);

    static abstract V Abs(V x);

    static abstract V Negate(V x);

    /// <summary>
    /// A mask for <see cref="Select"/>: all bits set where a &gt; b, none where not or where one is NaN.
    /// </summary>
    static abstract V GreaterThan(V a, V b);

    /// <summary>Number by number: a where the mask is set, else b. The mask comes from a comparison.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>eˣ; vectors come within 2 ulp, see <see cref="Cpu.SimdMath.Exp"/>.</summary>
    static abstract V Exp(V x);

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    static abstract V Sigmoid(V x);

    static abstract V Tanh(V x);

    /// <summary>2/√π · ∫₀ˣ e^(−t²) dt; vectors come within 2 ulp, see <see cref="Cpu.SimdMath.Erf"/>.</summary>
    static abstract V Erf(V x);
}
