using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>Hints to the memory system; none changes a result.</summary>
static unsafe class Cache
{
    /// <summary>Floats in a cache line.</summary>
    public const int LineFloats = 16;

    /// <summary>Starts to bring the line of <paramref name="p"/> near; any address is allowed, even one outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* p)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(p);
    }

    /// <summary>Starts to bring rows [0, rows) of a matrix part to the second-level cache.</summary>
    public static void PrefetchRows(float* p, nint ld, int rows, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < rows; i++, p += ld)
        {
            for (int j = 0; j < columns; j += LineFloats)
                Sse.Prefetch1(p + j);
        }
    }
}
