using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Observation;

/// <summary>
/// Takes the norms of weights, gradients and updates, a group of parameters at a time, by kernels: what comes back to the
/// host is a number a parameter. The weights before the step wait in the arena, which holds nothing between backward and
/// the next forward; only where the arena is too small for them do they get memory of their own.
/// </summary>
/// <remarks>
/// The update is the difference of the weights after and before the step, whatever the optimizer did, so that one
/// measurement serves all optimizers.
/// </remarks>
sealed class NormMeter : IDisposable
{
    readonly ParameterStore _store;
    readonly IReadOnlyList<(string Name, int[] Parameters)> _groups;
    readonly DeviceMemory _memory;
    readonly Tensor _before, _starts, _weights, _gradients, _updates, _all;
    readonly float[] _host;

    /// <param name="store">Allocated with gradients.</param>
    /// <param name="arena">Of the training plan, and of those that never run during a step.</param>
    public NormMeter(ParameterStore store, Arena arena)
    {
        _store = store;
        _groups = NormGroups.In(store);
        int count = store.Parameters.Count;
        _host = new float[3 * count];
        _memory = store.Device.Allocate(Bytes(store, arena.SizeInBytes));
        var starts = new int[count + 1];
        for (int i = 0; i < count; i++)
            starts[i] = (int)store.OffsetOf(store.Parameters[i]);
        starts[count] = (int)store.FlatLength;
        _starts = _memory.Tensor(DType.I32, new(count + 1));
        _starts.Write<int>(starts);
        long offset = Aligned((count + 1) * sizeof(int));
        _all = _memory.Tensor(DType.F32, new(3 * count), offset);
        (_weights, _gradients, _updates) = (Norms(0), Norms(1), Norms(2));
        _before = HasRoom(store, arena.SizeInBytes)
            ? arena.Between(store.DType, store.Weights.Shape)
            : _memory.Tensor(store.DType, store.Weights.Shape, offset + Aligned(3 * count * sizeof(float)));

        Tensor Norms(int which) => _memory.Tensor(DType.F32, new(count), offset + which * count * sizeof(float));
    }

    /// <summary>What one of these allocates beside an arena of so many bytes.</summary>
    public static long Bytes(ParameterStore store, long arenaBytes)
    {
        int count = store.Parameters.Count;
        return Aligned((count + 1) * sizeof(int)) + Aligned(3 * count * sizeof(float)) +
            (HasRoom(store, arenaBytes) ? 0 : store.FlatLength * store.DType.SizeInBytes());
    }

    /// <summary>Before the optimizer's step, when the gradients are whole: the arena's contents are lost.</summary>
    public void Before(IKernels kernels)
    {
        _store.Weights.CopyTo(_before);
        kernels.RangeNorms(_gradients, _store.Gradients, default, _starts);
    }

    /// <summary>After the step.</summary>
    /// <returns>The norms of every group, in the order of the parameters.</returns>
    public IReadOnlyList<GroupNorms> After(IKernels kernels)
    {
        kernels.RangeNorms(_weights, _store.Weights, default, _starts);
        kernels.RangeNorms(_updates, _store.Weights, _before, _starts);
        _all.Read<float>(_host);
        int count = _host.Length / 3;
        var norms = new GroupNorms[_groups.Count];
        for (int i = 0; i < norms.Length; i++)
        {
            var (name, parameters) = _groups[i];
            norms[i] = new(name, Together(parameters, 0), Together(parameters, count), Together(parameters, 2 * count));
        }
        return norms;
    }

    public void Dispose() => _memory.Dispose();

    double Together(int[] parameters, int first)
    {
        double sum = 0;
        foreach (int parameter in parameters)
            sum += (double)_host[first + parameter] * _host[first + parameter];
        return Math.Sqrt(sum);
    }

    static bool HasRoom(ParameterStore store, long arenaBytes) => arenaBytes >= store.FlatLength * store.DType.SizeInBytes();

    static long Aligned(long bytes) => (bytes + 255) / 256 * 256;
}
