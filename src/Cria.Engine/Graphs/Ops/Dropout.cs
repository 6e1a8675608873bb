using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = x · mask: a share of the numbers becomes 0, the others grow by 1 / (1 − rate). Srivastava et al. 2014.</summary>
public sealed class Dropout : Op
{
    readonly Value _x, _place;
    readonly float _rate;
    readonly Philox _stream;

    public Dropout(Value x, float rate, DropoutSource source) : base("dropout", x, source.Place)
    {
        (_x, _place, _rate, _stream) = (x, source.Place, rate, source.NextStream());
        Output = Like(x, "dropped");
    }

    public override IEnumerable<Value> BackwardReads => [_place];

    public override void Forward(IKernels k) => k.Dropout(Output.Data, _x.Data, Mask);

    public override void Backward(IKernels k) => k.Dropout(Gradient(_x), Upstream, Mask);

    DropoutMask Mask => new(_rate, _stream, _place.Data);
}
