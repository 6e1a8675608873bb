using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = f(x) for a function f of one number.</summary>
public sealed class Activation<F> : Op where F : struct, IActivation
{
    readonly Value _x;

    public Activation(Value x) : base(F.Name, x)
    {
        _x = x;
        Output = Like(x, F.Name);
    }

    public override IEnumerable<Value> BackwardReads => [_x];

    public override bool IsCheap => true;

    public override void Forward(IKernels k) => k.Activate<F>(Output.Data, _x.Data);

    public override void Backward(IKernels k) => k.ActivateBackward<F>(Gradient(_x), Upstream, _x.Data);
}
