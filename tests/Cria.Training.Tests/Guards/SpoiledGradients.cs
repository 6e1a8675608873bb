using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training.Tests.Guards;

/// <summary>Gradients in which some samples plant what is not finite, or a loss far above the others.</summary>
sealed class SpoiledGradients(IGradientSource inner, ILanguageModel model, Func<long, Spoilt> spoils) : ISampledGradientSource
{
    public IReadOnlyList<Plan> Plans => inner.Plans;

    public int Tokens => inner.Tokens;

    public double Run(IKernels kernels, long first, float weight, bool accumulate)
    {
        var spoilt = spoils(first);
        double loss = inner.Run(kernels, first, spoilt == Spoilt.Batch ? float.NaN : weight, accumulate);
        switch (spoilt)
        {
            case Spoilt.Gradient:
                model.Parameters.Parameters[3].Gradient!.Data.Write<float>([float.NaN]);
                return loss;
            case Spoilt.Loss:
                return double.PositiveInfinity;
            case Spoilt.Spike:
                return loss + 20;
            default:
                return loss;
        }
    }

    public void RunSampled(IKernels kernels, long first, float weight, bool accumulate, SampledLabels labels, int step) =>
        ((ISampledGradientSource)inner).RunSampled(kernels, first, weight, accumulate, labels, step);

    public void Dispose() => inner.Dispose();
}

enum Spoilt
{
    Nothing,

    /// <summary>A NaN in one parameter's gradient.</summary>
    Gradient,

    /// <summary>An infinite loss, of which the gradients know nothing.</summary>
    Loss,

    /// <summary>A loss far above the others.</summary>
    Spike,

    /// <summary>NaN as the weight of every row: it goes through the loss and the whole backward pass.</summary>
    Batch,
}
