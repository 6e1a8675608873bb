using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// y = x / √(mean x² + ε) · weight. Zhang and Sennrich 2019. With heads, each of them is normed by itself and all have
/// one weight: the rows (R, N·D) are taken for R·N rows of D.
/// </summary>
public sealed class RmsNorm : Op
{
    readonly Value _x, _inverseRms;
    readonly Parameter _weight;
    readonly float _epsilon;
    readonly int _heads;

    public RmsNorm(Value x, Parameter weight, float epsilon, int heads = 1) : base($"rmsnorm {weight.Name}", x, weight)
    {
        if (x.Columns != heads * weight.Columns)
            throw new ArgumentException($"{weight.Name} {weight.Shape} does not fit an input of {x.Columns} columns in {heads} heads");
        (_x, _weight, _epsilon, _heads) = (x, weight, epsilon, heads);
        Output = Like(x, "normed");
        _inverseRms = Saved("inverse_rms", x, _heads);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _weight, _inverseRms];

    public override bool IsCheap => true;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward)
            demand.ColumnSum(_x.Rows * _heads, _weight.Columns);
    }

    public override void Forward(IKernels k) =>
        k.RmsNorm(ByHead(Output.Data), ByHead(_inverseRms.Data), ByHead(_x.Data), _weight.Data, _epsilon);

    public override void Backward(IKernels k)
    {
        var dx = Gradient(_x);
        k.RmsNormBackward(dx.IsWanted ? new(ByHead(dx.Tensor), dx.Mode) : dx, Gradient(_weight), ByHead(Upstream),
            ByHead(_x.Data), _weight.Data, ByHead(_inverseRms.Data));
    }

    // (R, N·D) as (R, N, D), which kernels take for R·N rows.
    Tensor ByHead(Tensor tensor) => tensor.Reshape(new(tensor.Rows, _heads, tensor.Columns / _heads));
}
