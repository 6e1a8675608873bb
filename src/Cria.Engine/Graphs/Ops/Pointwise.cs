using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>y = f(a, b) for a formula f: one op for all pointwise glue.</summary>
public sealed class Pointwise<F> : Op where F : struct, IFormula
{
    readonly Value _a, _b;

    public Pointwise(Value a, Value b) : base(F.Name, a, b)
    {
        if (a.Shape != b.Shape)
            throw new ArgumentException($"{F.Name} needs two inputs of one shape, not {a.Shape} and {b.Shape}");
        (_a, _b) = (a, b);
        Output = Like(a, F.Name);
    }

    public override IEnumerable<Value> BackwardReads => F.BackwardReadsInputs ? [_a, _b] : [];

    public override bool IsCheap => F.BackwardReadsInputs;

    public override void Forward(IKernels k) => k.Map<F>(Output.Data, _a.Data, _b.Data);

    public override void Backward(IKernels k) =>
        k.MapBackward<F>(Gradient(_a), Gradient(_b), Upstream, _a.Data, _b.Data);
}
