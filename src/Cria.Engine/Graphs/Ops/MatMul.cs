using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = x · wᵀ (+ bias) (+ residual)</summary>
public sealed class MatMul : Op
{
    readonly Value _x;
    readonly Parameter _w;
    readonly Parameter? _bias;
    readonly Value? _residual;

    public MatMul(Value x, Parameter w, Parameter? bias = null, Value? residual = null)
        : base($"matmul {w.Name}", [.. ((Value?[])[x, w, bias, residual]).OfType<Value>()])
    {
        if (x.Columns != w.Columns)
            throw new ArgumentException($"{w.Name} {w.Shape} does not fit an input of {x.Columns} columns");
        if (bias is not null && bias.Shape.Length != w.Rows)
            throw new ArgumentException($"{bias.Name} {bias.Shape} does not fit the {w.Rows} outputs of {w.Name}");
        if (residual is not null && residual.Shape != new Shape(x.Rows, w.Rows))
            throw new ArgumentException($"a residual {residual.Shape} does not fit {x.Rows} rows of {w.Rows} outputs of {w.Name}");
        (_x, _w, _bias, _residual) = (x, w, bias, residual);
        Output = Rows("product", x, w.Rows);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _w];

    public override long MultiplyAdds => (long)_x.Rows * _w.Shape.Length;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward && _bias is not null)
            demand.ColumnSum(Output.Rows, Output.Columns);
    }

    public override void Forward(IKernels k) =>
        k.MatMul(Output.Data, _x.Data, _w.Data, new(_bias?.Data ?? default, _residual?.Data ?? default));

    public override void Backward(IKernels k)
    {
        k.MatMulInput(Gradient(_x), Upstream, _w.Data);
        k.MatMulWeight(Gradient(_w), Upstream, _x.Data);
        if (_bias is not null)
            k.ColumnSums(Gradient(_bias), Upstream);
        if (_residual is not null) // a sum's gradients need none of its inputs: the upstream stands for them
            k.MapBackward<Sum>(Gradient(_residual), Sink.Nowhere, Upstream, Upstream, Upstream);
    }
}
