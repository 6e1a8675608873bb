using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Graphs;

/// <summary>A loss for gradient checks, in float64 on the host: Σ x · c with fixed random coefficients c.</summary>
sealed class WeightedTotal : Op
{
    readonly Value _x;
    readonly double[] _coefficients;

    public WeightedTotal(Value x) : base("weighted total", x)
    {
        _x = x;
        Output = new("total", DType.F64, new Shape(1));
        var random = Philox.For(3, "coefficients");
        _coefficients = [.. Enumerable.Range(0, (int)x.Shape.Length).Select(i => random.Normal((ulong)i))];
    }

    public override IEnumerable<Value> BackwardReads => [];

    public override void Forward(IKernels k)
    {
        double total = 0;
        for (int i = 0; i < _coefficients.Length; i++)
            total += _coefficients[i] * _x.Data.Span<double>()[i];
        Output.Data.Span<double>()[0] = total;
    }

    public override void Backward(IKernels k)
    {
        var sink = Gradient(_x);
        for (int i = 0; i < _coefficients.Length; i++)
        {
            ref double place = ref sink.Tensor.Span<double>()[i];
            place = (sink.Adds ? place : 0) + _coefficients[i] * Upstream.Span<double>()[0];
        }
    }
}
