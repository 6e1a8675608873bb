using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// The kernels in host memory, F32, written once for every vector width. How work is split never depends on the number
/// of threads where sums could notice, so results are bit-identical on any number of them.
/// </summary>
public sealed unsafe partial class CpuKernels<V, S> : IKernels, IDisposable where V : struct where S : struct, ISimd<V>
{
    /// <summary>Elements that are worth a thread's attention; smaller work stays on the caller.</summary>
    const int Grain = 4096;

    const nuint CacheLine = 64;

    readonly WorkerPool _pool;
    readonly bool _ownsPool;

    /// <param name="threads">At least 1; 0 means one per processor of this process.</param>
    public CpuKernels(int threads) : this(new WorkerPool(threads)) => _ownsPool = true;

    /// <param name="pool">Shared with others, who dispose it.</param>
    public CpuKernels(WorkerPool pool) => _pool = pool;

    ~CpuKernels() => FreeScratch();

    public string Name => $"cpu {S.Width * 32} bits, {_pool.Threads} threads";

    public void Dispose()
    {
        if (_ownsPool)
            _pool.Dispose();
        _gemm.Dispose();
        FreeScratch();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs independent rows on the pool, several at a time where they are short.</summary>
    void ForRows<T>(int rows, int elementsPerRow, ref T work) where T : unmanaged, IRowWork
    {
        int size = Math.Max(1, Grain / Math.Max(1, elementsPerRow));
        fixed (T* pointer = &work)
        {
            var grouped = new Groups<T>(pointer, size, rows);
            _pool.For((rows + size - 1) / size, ref grouped);
        }
    }

    /// <summary>Rows in groups of one size; the last group may be shorter.</summary>
    readonly struct Groups<T>(T* work, int size, int count) : IRowWork where T : unmanaged, IRowWork
    {
        public void Run(int start, int end, int worker) =>
            work->Run(start * size, (int)Math.Min((long)end * size, count), worker);
    }

    static float* Floats(Tensor tensor)
    {
        if (tensor.DType != DType.F32)
            throw new ArgumentException($"the CPU kernels compute in F32, not on {tensor}");
        return (float*)tensor.Address;
    }

    static int* Integers(Tensor tensor)
    {
        if (tensor.DType != DType.I32)
            throw new ArgumentException($"indices are I32, not {tensor}");
        return (int*)tensor.Address;
    }

    /// <summary>Rounded up to whole cache lines.</summary>
    static int Padded(int floats) => (floats + 15) & ~15;
}
