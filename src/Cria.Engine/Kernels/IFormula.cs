namespace Cria.Engine.Kernels;

/// <summary>
/// Pointwise arithmetic on two inputs, written once: y = f(a, b). Instantiated with hardware vectors on the CPU and with
/// double in Reference. Straight-line code over the operations S of a number type V, no branches.
/// </summary>
public interface IFormula
{
    static abstract string Name { get; }

    /// <summary>False where the gradients depend on dy alone: then the inputs need not be kept.</summary>
    static abstract bool BackwardReadsInputs { get; }

    static abstract V Forward<V, S>(V a, V b) where V : struct where S : struct, IArithmetic<V>;

    /// <summary>The gradients of both inputs, given y's.</summary>
    static abstract void Backward<V, S>(V dy, V a, V b, out V da, out V db) where V : struct where S : struct, IArithmetic<V>;
}
