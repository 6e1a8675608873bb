using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = x / √(mean x² + ε) · weight. Zhang and Sennrich 2019.</summary>
public sealed class RmsNorm : Op
{
    readonly Value _x, _inverseRms;
    readonly Parameter _weight;
    readonly float _epsilon;

    public RmsNorm(Value x, Parameter weight, float epsilon) : base($"rmsnorm {weight.Name}", x, weight)
    {
        if (x.Columns != weight.Columns)
            throw new ArgumentException($"{weight.Name} {weight.Shape} does not fit an input of {x.Columns} columns");
        (_x, _weight, _epsilon) = (x, weight, epsilon);
        Output = Like(x, "normed");
        _inverseRms = Saved("inverse_rms", x, 1);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _weight, _inverseRms];

    public override bool IsCheap => true;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward)
            demand.ColumnSum(_x.Rows, _x.Columns);
    }

    public override void Forward(IKernels k) =>
        k.RmsNorm(Output.Data, _inverseRms.Data, _x.Data, _weight.Data, _epsilon);

    public override void Backward(IKernels k) =>
        k.RmsNormBackward(Gradient(_x), Gradient(_weight), Upstream, _x.Data, _weight.Data, _inverseRms.Data);
}
