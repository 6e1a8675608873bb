using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Averaging;

/// <summary>
/// Weights that are evaluated and saved in the place of those that are being trained: an average of them, or the point
/// that an optimizer such as Schedule-Free keeps apart from the one at which it takes its gradients.
/// </summary>
interface IEvaluationWeights
{
    /// <summary>What metrics and recipes call them, in snake_case, such as <c>ema</c>.</summary>
    string Name { get; }

    /// <summary>False while there is nothing to evaluate, as before an average has its first weights.</summary>
    bool Exists { get; }

    /// <summary>Fills all of <paramref name="destination"/>, padding included; nothing else changes.</summary>
    /// <param name="kernels">The backend of the run.</param>
    /// <param name="destination">Flat, as long as the store's weights; it may be those weights themselves.</param>
    void Write(IKernels kernels, Tensor destination);
}
