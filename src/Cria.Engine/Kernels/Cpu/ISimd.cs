namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// The float operations of one hardware vector width. V is the hardware vector itself and the implementing struct holds
/// no state: a struct that wrapped the vector would cost moves in inner loops. Kernels are written once, generic over
/// (V, S), and the compiler makes one machine-code copy for each width.
/// </summary>
public interface ISimd<V> : IArithmetic<V> where V : struct
{
    /// <summary>Number of float lanes.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// Number of vector registers the machine has at this width: decides the shape of register tiles.
    /// </summary>
    static abstract int Registers { get; }

    static abstract V Zero { get; }

    /// <summary>Reads Width floats; no alignment is asked for.</summary>
    static abstract unsafe V Load(float* p);

    /// <summary>Writes Width floats; no alignment is asked for.</summary>
    static abstract unsafe void Store(float* p, V v);

    /// <summary>
    /// Reads the first <paramref name="count"/> floats (0..Width), other lanes are 0; touches no others.
    /// </summary>
    static abstract unsafe V LoadPartial(float* p, int count);

    /// <summary>Writes the first <paramref name="count"/> lanes (0..Width) and touches no other memory.</summary>
    static abstract unsafe void StorePartial(float* p, V v, int count);

    /// <summary>Width / 4 times four floats: those at p, at p + stride, at p + 2 · stride and so on.</summary>
    static abstract unsafe V LoadFours(float* p, nint stride);

    /// <summary>In every four lanes: a0, b0, a1, b1.</summary>
    static abstract V InterleaveLow(V a, V b);

    /// <summary>In every four lanes: a2, b2, a3, b3.</summary>
    static abstract V InterleaveHigh(V a, V b);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract V Round(V x);

    /// <summary>The sum of all lanes: halves are added to halves, so the order is fixed for a width.</summary>
    static abstract float Sum(V v);

    /// <summary>The greatest lane.</summary>
    static abstract float MaxAcross(V v);

    /// <summary>x * 2^n for whole n in [-252, 254]; NaN in either gives NaN.</summary>
    static abstract V ScaleByPowerOfTwo(V x, V n);

    /// <summary>The whole number e with x = m * 2^e, m in [1, 2), for positive normal x.</summary>
    static abstract V Exponent(V x);

    /// <summary>The m in [1, 2) with x = m * 2^e, for positive normal x.</summary>
    static abstract V Mantissa(V x);

    /// <inheritdoc cref="SimdMath.Log"/>
    static abstract V Log(V x);
}
