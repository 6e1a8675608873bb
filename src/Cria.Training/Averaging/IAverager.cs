using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Averaging;

/// <summary>
/// An average of the weights of many steps. It looks at the weights and never changes them. Which steps it takes is a function of
/// the step's number alone, so that its slots, saved with the checkpoint, are all it needs to go on bit for bit.
/// </summary>
/// <remarks>
/// Sums are F32, by <see cref="IKernels.Lerp"/>: a + r · (w − a) with two roundings, of the difference and of the whole, each by
/// at most half a unit in the last place. A mean of n samples is therefore off by about √n such units, and a difference below
/// 2⁻²⁵ / r of the average is lost in it.
/// </remarks>
interface IAverager : IEvaluationWeights, IDisposable
{
    /// <summary>Slot name → a flat tensor as long as the weights.</summary>
    IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>Takes the weights in, if this step is one of its own.</summary>
    /// <param name="kernels">The backend of the run.</param>
    /// <param name="step">Steps done, so counted from 1.</param>
    void Observe(IKernels kernels, int step);

    /// <summary>The slots have been filled with what they held after so many steps.</summary>
    void Resume(int step);
}
