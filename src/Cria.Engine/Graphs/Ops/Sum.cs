using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>a + b: the residual stream.</summary>
public readonly struct Sum : IFormula
{
    public static string Name => "add";

    public static bool BackwardReadsInputs => false;

    public static V Forward<V, S>(V a, V b) where V : struct where S : struct, IArithmetic<V> => S.Add(a, b);

    public static void Backward<V, S>(V dy, V a, V b, out V da, out V db)
        where V : struct where S : struct, IArithmetic<V> =>
        (da, db) = (dy, dy);
}
