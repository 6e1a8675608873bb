using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers;

/// <summary>
/// Up to three numbers beside every weight, zero at first, in one block: what an <see cref="IUpdate"/> carries from step to step.
/// </summary>
sealed class FlatState : IDisposable
{
    readonly DeviceMemory _memory;
    readonly Tensor _first, _second, _third;

    /// <param name="store">Whose weights they stand beside.</param>
    /// <param name="names">What checkpoints call them.</param>
    public FlatState(ParameterStore store, params IReadOnlyList<string> names)
    {
        long bytes = StateBytes(store, 1);
        _memory = store.Device.Allocate(names.Count * bytes);
        var slots = new (string, Tensor)[names.Count];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = (names[i], _memory.Tensor(store.DType, new Shape(checked((int)store.FlatLength)), i * bytes));
        Slots = slots;
        (_first, _second, _third) = (At(0), At(1), At(2));

        Tensor At(int slot) => slot < slots.Length ? slots[slot].Item2 : default;
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>The bytes of so many slots.</summary>
    public static long StateBytes(ParameterStore store, int slots) => slots * store.FlatLength * store.DType.SizeInBytes();

    /// <summary>Runs an update on every range of a group.</summary>
    public void Update<U>(IKernels kernels, ParameterStore store, Tensor scalars, ParameterGroup group, U update)
        where U : unmanaged, IUpdate
    {
        for (int i = 0; i < group.Ranges.Count; i++)
        {
            var range = group.Ranges[i];
            kernels.Update(Range(store.Weights, range), Range(_first, range), Range(_second, range), Range(_third, range),
                Range(store.Gradients, range), scalars, update);
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>A part of a flat tensor; of nothing, nothing.</summary>
    public static Tensor Range(Tensor flat, (long Offset, long Length) range) => flat.IsNothing
        ? flat
        : new(flat.Device, flat.Address + (nint)(range.Offset * flat.DType.SizeInBytes()), flat.DType, new Shape((int)range.Length));
}
