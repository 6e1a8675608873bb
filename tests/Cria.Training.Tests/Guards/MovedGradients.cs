using Cria.Engine.Graphs;
using Cria.Engine.Kernels;

namespace Cria.Training.Tests.Guards;

/// <summary>Gradients of other samples than the run asks for.</summary>
sealed class MovedGradients(IGradientSource inner, Func<long, long> move) : IGradientSource
{
    public IReadOnlyList<Plan> Plans => inner.Plans;

    public int Tokens => inner.Tokens;

    public double Run(IKernels kernels, long first, float weight, bool accumulate) => inner.Run(kernels, move(first), weight, accumulate);

    public void Dispose() => inner.Dispose();
}
