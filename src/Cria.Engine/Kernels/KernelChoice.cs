using System.Runtime.Intrinsics;
using Cria.Engine.Kernels.Cpu;

namespace Cria.Engine.Kernels;

/// <summary>
/// The CPU kernels for an instruction set. The variable CRIA_SIMD (avx512, avx2 or v128) asks for one that is not the
/// widest; .NET's own switches (DOTNET_EnableAVX512=0 and the like) hide sets altogether.
/// </summary>
public static class KernelChoice
{
    /// <summary>The widest supported instruction set, or the one that CRIA_SIMD names.</summary>
    /// <param name="threads">At least 1; 0 means one per processor of this process.</param>
    /// <exception cref="Tensors.DeviceException">CRIA_SIMD names no instruction set this process has.</exception>
    public static IKernels Best(int threads) => Create(SimdLevel.Best(), threads);

    /// <summary>As <see cref="Best(int)"/>, on threads that the caller watches and disposes.</summary>
    public static IKernels Best(WorkerPool pool) => SimdLevel.Best() switch
    {
        SimdWidth.Bits512 => new CpuKernels<Vector512<float>, Simd512>(pool),
        SimdWidth.Bits256 => new CpuKernels<Vector256<float>, Simd256>(pool),
        _ => new CpuKernels<Vector128<float>, Simd128>(pool),
    };

    /// <summary>Kernels for every instruction set of this process, best first; the caller disposes them.</summary>
    public static IReadOnlyList<IKernels> All(int threads) =>
        [.. SimdLevel.Supported.Select(width => Create(width, threads))];

    static IKernels Create(SimdWidth width, int threads) => width switch
    {
        SimdWidth.Bits512 => new CpuKernels<Vector512<float>, Simd512>(threads),
        SimdWidth.Bits256 => new CpuKernels<Vector256<float>, Simd256>(threads),
        _ => new CpuKernels<Vector128<float>, Simd128>(threads),
    };
}
