using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>The inputs that hold what is kept of teachers' predictions; <see cref="SparsePredictions"/> says what each is.</summary>
/// <param name="Ids">I32 (R, K)</param>
/// <param name="Shares">(R, K)</param>
/// <param name="Logs">(R, K)</param>
/// <param name="Rests">(R, 1)</param>
public sealed record SparseTargets(Value Ids, Value Shares, Value Logs, Value Rests)
{
    /// <summary>Inputs of a graph, to be filled before every pass.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="rows">R</param>
    /// <param name="most">K</param>
    public static SparseTargets In(Graph g, int rows, int most) => new(
        g.Input("kept tokens", DType.I32, new(rows, most), followsExtent: true),
        g.Input("their shares", g.DType, new(rows, most), followsExtent: true),
        g.Input("their log-probabilities", g.DType, new(rows, most), followsExtent: true),
        g.Input("shares of the rest", g.DType, new(rows, 1), followsExtent: true));

    /// <summary>The most tokens that are kept of a row.</summary>
    public int Most => Ids.Columns;

    internal Value[] Values => [Ids, Shares, Logs, Rests];

    internal void Check(int rows)
    {
        if (Ids.Rows != rows || Shares.Shape != Ids.Shape || Logs.Shape != Ids.Shape || Rests.Rows != rows)
            throw new ArgumentException($"{rows} rows need kept tokens, shares and log-probabilities of one shape and as many rests, not " +
                $"{Ids.Shape}, {Shares.Shape}, {Logs.Shape} and {Rests.Shape}");
    }
}
