using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>gate · σ(gate) · up. Shazeer 2020, "GLU variants improve Transformer".</summary>
public readonly struct SwiGlu : IFormula
{
    public static string Name => "swiglu";

    public static bool BackwardReadsInputs => true;

    public static V Forward<V, S>(V gate, V up) where V : struct where S : struct, IArithmetic<V> =>
        S.Multiply(S.Multiply(gate, S.Sigmoid(gate)), up);

    public static void Backward<V, S>(V dy, V gate, V up, out V dGate, out V dUp)
        where V : struct where S : struct, IArithmetic<V>
    {
        var sigmoid = S.Sigmoid(gate);
        var silu = S.Multiply(gate, sigmoid);
        // silu' = σ · (1 + gate · (1 − σ)) = σ + silu · (1 − σ)
        var slope = S.MulAdd(silu, S.Subtract(S.Splat(1), sigmoid), sigmoid);
        dGate = S.Multiply(S.Multiply(dy, up), slope);
        dUp = S.Multiply(dy, silu);
    }
}
