using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>Turns the pairs (i, i + P/2) of every head's first P columns by the row's position; the gradient turns back.</summary>
public sealed class Rope : Op
{
    readonly Value _x, _positions;
    readonly RopeTable _table;

    public Rope(Value x, Value positions, RopeTable table) : base("rope", x, positions)
    {
        if (x.Columns % table.HeadDim != 0)
            throw new ArgumentException($"{x.Columns} columns are not whole heads of {table.HeadDim}");
        if (positions.Rows != x.Rows)
            throw new ArgumentException($"{x.Rows} rows need as many positions, not {positions.Rows}");
        (_x, _positions, _table) = (x, positions, table);
        Output = Like(x, "rotated");
    }

    public override IEnumerable<Value> BackwardReads => [_positions];

    public override void Forward(IKernels k) =>
        k.Rope(Output.Data, _x.Data, _positions.Data, _table.Value.Data, _table.HeadDim, inverse: false);

    public override void Backward(IKernels k) =>
        k.Rope(Gradient(_x), Upstream, _positions.Data, _table.Value.Data, _table.HeadDim, inverse: true);
}
