using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = (x − mean x) / √(var x + ε) · weight + bias, the bias left out where there is none. Ba et al. 2016.</summary>
public sealed class LayerNorm : Op
{
    readonly Value _x, _mean, _inverseDeviation;
    readonly Parameter _weight;
    readonly Parameter? _bias;
    readonly float _epsilon;

    public LayerNorm(Value x, Parameter weight, Parameter? bias, float epsilon)
        : base($"layernorm {weight.Name}", bias is null ? [x, weight] : [x, weight, bias])
    {
        if (x.Columns != weight.Columns || (bias ?? weight).Columns != weight.Columns)
            throw new ArgumentException($"{weight.Name} {weight.Shape} does not fit an input of {x.Columns} columns or {bias}");
        (_x, _weight, _bias, _epsilon) = (x, weight, bias, epsilon);
        Output = Like(x, "normed");
        _mean = Saved("mean", x, 1);
        _inverseDeviation = Saved("inverse_deviation", x, 1);
    }

    public override IEnumerable<Value> BackwardReads => [_x, _weight, _mean, _inverseDeviation];

    public override bool IsCheap => true;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward)
            demand.ColumnSum(_x.Rows, _x.Columns, sums: 2);
    }

    public override void Forward(IKernels k) =>
        k.LayerNorm(Output.Data, _mean.Data, _inverseDeviation.Data, _x.Data, _weight.Data, _bias?.Data ?? default, _epsilon);

    public override void Backward(IKernels k) =>
        k.LayerNormBackward(Gradient(_x), Gradient(_weight), _bias is null ? Sink.Nowhere : Gradient(_bias), Upstream,
            _x.Data, _weight.Data, _mean.Data, _inverseDeviation.Data);
}
