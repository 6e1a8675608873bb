namespace Cria.Engine.Kernels;

/// <summary>
/// Pointwise arithmetic on one input, written once: y = f(x). Like <see cref="IFormula"/> it is straight-line code over
/// the operations S of a number type V, for hardware vectors on the CPU and for double in Reference.
/// </summary>
public interface IActivation
{
    static abstract string Name { get; }

    static abstract V Forward<V, S>(V x) where V : struct where S : struct, IArithmetic<V>;

    /// <summary>The input's gradient, given y's.</summary>
    static abstract V Backward<V, S>(V dy, V x) where V : struct where S : struct, IArithmetic<V>;
}
