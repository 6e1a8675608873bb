using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>Hints to the memory system; none changes a result.</summary>
static unsafe class Cache
{
    /// <summary>Floats in a cache line.</summary>
    public const int LineFloats = 16;

    /// <summary>
    /// Starts to bring the line of <paramref name="p"/> near; any address is allowed, even one outside.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* p)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(p);
    }
}
