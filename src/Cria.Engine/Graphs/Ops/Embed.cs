using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y[r] = table[ids[r]]; a frozen row of the table gets no gradient.</summary>
public sealed class Embed : Op
{
    readonly Parameter _table;
    readonly Value _ids;
    readonly int _frozenRow;

    public Embed(Parameter table, Value ids, int? frozenRow = null) : base($"embed {table.Name}", table, ids)
    {
        (_table, _ids, _frozenRow) = (table, ids, frozenRow ?? -1);
        Output = new("embedded", table.DType, new(ids.Rows, table.Columns)) { FollowsExtent = ids.FollowsExtent };
    }

    public override IEnumerable<Value> BackwardReads => [_ids];

    public override void Forward(IKernels k) => k.Embed(Output.Data, _table.Data, _ids.Data);

    public override void Backward(IKernels k) => k.EmbedBackward(Gradient(_table), Upstream, _ids.Data, _frozenRow);
}
