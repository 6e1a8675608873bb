using Cria.Engine.Graphs;
using Cria.Engine.Kernels;

namespace Cria.Training.Optimizers;

/// <summary>
/// An optimizer that now and then wants a second gradient: of the loss against labels that the model draws from its own softmax,
/// which tells of the curvature. The trainer takes it after an update, at the new weights and on
/// the inputs of that step; so a step that makes no update tells nothing of the curvature either.
/// </summary>
interface ICurvatureOptimizer : IOptimizer
{
    /// <summary>What the labels are drawn by.</summary>
    SampledLabels Labels { get; }

    /// <summary>The share of all weights that the last estimate of the curvature left unclipped; NaN before there is one.</summary>
    float WinRate { get; }

    /// <summary>Whether the second gradient is wanted after an update, counted from 1.</summary>
    bool IsDue(int update);

    /// <summary>Takes the estimate from the gradients in the store, which are its own from then on.</summary>
    /// <param name="kernels">The backend.</param>
    /// <param name="store">With the gradient of the mean loss against the drawn labels.</param>
    /// <param name="tokens">How many labels that mean is over.</param>
    void AddCurvature(IKernels kernels, ParameterStore store, long tokens);
}
