using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>One block of memory for plans that never run together: as large as the largest.</summary>
public sealed class Arena : IDisposable
{
    readonly DeviceMemory _memory;

    public Arena(IDevice device, params IReadOnlyList<Plan> plans)
    {
        _memory = device.Allocate(plans.Max(plan => plan.ArenaBytes));
        foreach (var plan in plans)
            plan.Bind(_memory);
    }

    public long SizeInBytes => _memory.SizeInBytes;

    /// <summary>
    /// Its memory for whoever needs a place between two passes: a plan keeps nothing there from one to the next.
    /// </summary>
    /// <exception cref="ArgumentException">It is not so large.</exception>
    public Tensor Between(DType type, Shape shape) => _memory.Tensor(type, shape);

    /// <summary>Fills host memory with NaN (and −1 as integers), so that a read before the write shouts.</summary>
    public unsafe void Poison()
    {
        long left = _memory.SizeInBytes;
        for (byte* at = (byte*)_memory.Address; left > 0; at += int.MaxValue, left -= int.MaxValue)
            new Span<byte>(at, (int)Math.Min(left, int.MaxValue)).Fill(0xFF);
    }

    public void Dispose() => _memory.Dispose();
}
