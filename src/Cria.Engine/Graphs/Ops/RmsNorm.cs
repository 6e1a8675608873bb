using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// y = x / √(mean x² + ε) · weight. Zhang and Sennrich 2019. A weight of D columns under rows of N·D norms every head by
/// itself: the rows are seen as N times as many.
/// </summary>
public sealed class RmsNorm : Op
{
    readonly Value _x, _inverseRms;
    readonly Parameter _weight;
    readonly float _epsilon;

    public RmsNorm(Value x, Parameter weight, float epsilon) : base($"rmsnorm {weight.Name}", x, weight)
    {
        if (x.Columns % weight.Columns != 0)
            throw new ArgumentException($"{weight.Name} {weight.Shape} does not fit an input of {x.Columns} columns");
        (_x, _weight, _epsilon) = (x, weight, epsilon);
        Output = Like(x, "normed");
        _inverseRms = Saved("inverse_rms", x, Heads);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _weight, _inverseRms];

    public override bool IsCheap => true;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward)
            demand.ColumnSum(_x.Rows * Heads, _weight.Columns);
    }

    public override void Forward(IKernels k) =>
        k.RmsNorm(ByHead(Output.Data), ByHead(_inverseRms.Data), ByHead(_x.Data), _weight.Data, _epsilon);

    public override void Backward(IKernels k)
    {
        var dx = Gradient(_x);
        k.RmsNormBackward(dx.IsWanted ? new(ByHead(dx.Tensor), dx.Mode) : dx, Gradient(_weight), ByHead(Upstream),
            ByHead(_x.Data), _weight.Data, ByHead(_inverseRms.Data));
    }

    int Heads => _x.Columns / _weight.Columns;

    /// <summary>(R, N·D) as (R, N, D), which kernels take for R·N rows.</summary>
    Tensor ByHead(Tensor tensor) => tensor.Reshape(new(tensor.Rows, Heads, tensor.Columns / Heads));
}
