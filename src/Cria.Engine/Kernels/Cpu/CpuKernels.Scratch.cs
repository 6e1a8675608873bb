using System.Runtime.InteropServices;
using Cria.Engine.Kernels.Cpu.Attention;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    float* _scratch;
    nuint _scratchBytes;

    /// <summary>What these kernels hold of native memory now.</summary>
    public long OwnBytes => (long)_scratchBytes + _gemm.OwnBytes;

    /// <inheritdoc/>
    public long ScratchBytes(ScratchDemand demand) =>
        SharedFloats(demand) * sizeof(float) + Gemm<V, S>.BytesFor(_pool.Threads);

    /// <inheritdoc/>
    public void Reserve(ScratchDemand demand)
    {
        _gemm.Reserve(_pool.Threads);
        _ = Scratch(SharedFloats(demand));
    }

    /// <summary>Kernels run one after another and share one block: as large as the largest asks for.</summary>
    long SharedFloats(ScratchDemand demand)
    {
        long most = demand.FlatLength > 0 ? NormFloats(demand.FlatLength, demand.NormRanges) : 0;
        most = Math.Max(most, MatrixFloats(demand.BasisSize, demand.ReorderLength));
        foreach (var (rows, columns, sums) in demand.ColumnSums)
            most = Math.Max(most, ColumnSumFloats(rows, columns, sums));
        foreach (var (shape, keys, backward) in demand.Attentions)
        {
            most = Math.Max(most, AttentionFloats(shape, keys));
            if (backward)
                most = Math.Max(most, AttentionGradientFloats(shape, keys));
        }
        return most;
    }

    /// <summary>A row of sums for each block of rows.</summary>
    static long ColumnSumFloats(int rows, int columns, int sums = 1) =>
        (long)sums * Math.Max(1, (rows + NormRows - 1) / NormRows) * Padded(columns);

    /// <summary>Memory that holds nothing between kernels; it grows to the largest request and stays.</summary>
    float* Scratch(long floats)
    {
        nuint bytes = (nuint)floats * sizeof(float);
        if (bytes > _scratchBytes)
        {
            FreeScratch();
            _scratch = (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
            _scratchBytes = bytes;
        }
        return _scratch;
    }

    void FreeScratch()
    {
        NativeMemory.AlignedFree(_scratch);
        _scratch = null;
        _scratchBytes = 0;
    }
}
