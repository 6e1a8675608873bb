using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = x · wᵀ</summary>
public sealed class MatMul : Op
{
    readonly Value _x;
    readonly Parameter _w;

    public MatMul(Value x, Parameter w) : base($"matmul {w.Name}", x, w)
    {
        if (x.Columns != w.Columns)
            throw new ArgumentException($"{w.Name} {w.Shape} does not fit an input of {x.Columns} columns");
        (_x, _w) = (x, w);
        Output = Rows("product", x, w.Rows);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _w];

    public override long MultiplyAdds => (long)_x.Rows * _w.Shape.Length;

    public override void Forward(IKernels k) => k.MatMul(Output.Data, _x.Data, _w.Data);

    public override void Backward(IKernels k)
    {
        k.MatMulInput(Gradient(_x), Upstream, _w.Data);
        k.MatMulWeight(Gradient(_w), Upstream, _x.Data);
    }
}
