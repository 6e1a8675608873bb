using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers;

/// <summary>
/// Updates the flat parameters from the flat gradients. All that it carries from step to step is in its slots, or follows from the
/// update's number; so a checkpoint that holds the slots resumes bit for bit. A step whose clip factor is 0 leaves everything as it is.
/// </summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Slot name → its tensor. They are saved with the checkpoint under these names, in this order, and read back.</summary>
    IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>
    /// Writes what of the scalars changes with the update and is this optimizer's; the learning rate is there already.
    /// </summary>
    /// <param name="scalars">By <see cref="StepScalar"/>, on the host.</param>
    /// <param name="update">
    /// Counted from 1. A step that makes no update does not count: the next has its number. They may begin anywhere, as after a
    /// resume, and repeat.
    /// </param>
    void Prepare(Span<float> scalars, int update);

    /// <summary>One update of every trainable parameter; allocates nothing and does not read back to the host.</summary>
    /// <param name="kernels">The backend.</param>
    /// <param name="store">The store it was made for, with this step's gradients.</param>
    /// <param name="scalars">On the device, the clip factor included.</param>
    void Step(IKernels kernels, ParameterStore store, Tensor scalars);
}
