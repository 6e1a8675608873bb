using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers;

/// <summary>Updates the flat parameters from the flat gradients; its state is named, flat and saved with the checkpoint.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Slot name → a tensor as long as the store's flat blocks.</summary>
    IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>What the host must write into the scalars before step <paramref name="step"/>, counted from 1.</summary>
    void Prepare(Span<float> scalars, int step);

    void Step(IKernels kernels, ParameterStore store, Tensor scalars);
}
