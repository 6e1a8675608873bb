using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y[r] = table[ids[r]]</summary>
public sealed class Embed : Op
{
    readonly Parameter _table;
    readonly Value _ids;

    public Embed(Parameter table, Value ids) : base($"embed {table.Name}", table, ids)
    {
        (_table, _ids) = (table, ids);
        Output = new("embedded", table.DType, new(ids.Rows, table.Columns)) { FollowsExtent = ids.FollowsExtent };
    }

    public override IEnumerable<Value> BackwardReads => [_ids];

    public override void Forward(IKernels k) => k.Embed(Output.Data, _table.Data, _ids.Data);

    public override void Backward(IKernels k) => k.EmbedBackward(Gradient(_table), Upstream, _ids.Data);
}
