using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Averaging;

/// <summary>The memory of an average: flat blocks as long as the weights, and the rate that <see cref="IKernels.Lerp"/> reads.</summary>
sealed class FlatBlocks : IDisposable
{
    const int RateBytes = 256; // a block of its own keeps the others aligned

    readonly DeviceMemory _memory;
    readonly Tensor _rate;

    public FlatBlocks(ParameterStore store, int count)
    {
        long block = SpareWeights.Bytes(store);
        _memory = store.Device.Allocate(Bytes(store, count));
        _rate = _memory.Tensor(DType.F32, new Shape(1));
        Blocks = [.. Enumerable.Range(0, count).Select(i => _memory.Tensor(store.DType, store.Weights.Shape, RateBytes + i * block))];
    }

    public IReadOnlyList<Tensor> Blocks { get; }

    public static long Bytes(ParameterStore store, int count) => RateBytes + count * SpareWeights.Bytes(store);

    /// <summary>average += rate · (sample − average); a rate of 1 copies bit for bit.</summary>
    public void Fold(IKernels kernels, Tensor average, Tensor sample, double rate)
    {
        if (rate == 1)
        {
            sample.CopyTo(average);
            return;
        }
        float single = (float)rate;
        _rate.Write(new ReadOnlySpan<float>(in single));
        kernels.Lerp(average, sample, _rate);
    }

    public void Dispose() => _memory.Dispose();
}
