using System.Runtime.Intrinsics;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>A matrix product at some vector width.</summary>
public unsafe interface IGemm : IDisposable
{
    /// <summary>
    /// c (m, n) = op(a) (m, k) · op(b) (k, n) + epilogue, or added to c; see <see cref="GemmLayout"/> for what is stored how. The
    /// leading dimensions ldc, lda, ldb are row lengths in memory, in floats. Nothing past the matrices is read or
    /// written.
    /// </summary>
    void Run(
        WorkerPool pool, GemmLayout layout, float* c, int ldc, float* a, int lda, float* b, int ldb,
        int m, int n, int k, bool add, GemmEpilogue epilogue = default);

    /// <summary>
    /// The same product, bit for bit, on the calling thread only, for use inside a pool's loop: worker is that loop's
    /// worker number, for whose packing buffers <see cref="Reserve"/> must have been called before the loop.
    /// </summary>
    void RunAlone(
        int worker, GemmLayout layout, float* c, int ldc, float* a, int lda, float* b, int ldb,
        int m, int n, int k, bool add);

    /// <summary>Makes packing buffers for workers 0 to threads - 1.</summary>
    void Reserve(int threads);
}

/// <summary>Chooses the product for a vector width.</summary>
public static class Gemm
{
    public static IGemm Create(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => new Gemm<Vector512<float>, Simd512>(),
        SimdWidth.Bits256 => new Gemm<Vector256<float>, Simd256>(),
        _ => new Gemm<Vector128<float>, Simd128>(),
    };
}
