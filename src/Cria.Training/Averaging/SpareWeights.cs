using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Averaging;

/// <summary>
/// One flat block beside a model's weights, in which they wait while the model computes with others. They come back bit
/// for bit, so that evaluation changes nothing of training. Allocated only in runs that have other weights to evaluate.
/// </summary>
sealed class SpareWeights : IDisposable
{
    readonly ParameterStore _store;
    readonly DeviceMemory _memory;
    readonly Tensor _aside;

    /// <param name="store">Allocated.</param>
    public SpareWeights(ParameterStore store)
    {
        _store = store;
        _memory = store.Device.Allocate(Bytes(store));
        _aside = _memory.Tensor(store.DType, store.Weights.Shape);
    }

    /// <summary>What one of these allocates.</summary>
    public static long Bytes(ParameterStore store) => store.FlatLength * store.DType.SizeInBytes();

    /// <summary>Runs <paramref name="action"/> while the model has the other weights; they return even if it fails.</summary>
    public void With(IKernels kernels, IEvaluationWeights others, Action action)
    {
        _store.Weights.CopyTo(_aside);
        try
        {
            others.Write(kernels, _store.Weights);
            action();
        }
        finally
        {
            _aside.CopyTo(_store.Weights);
        }
    }

    public void Dispose() => _memory.Dispose();
}
