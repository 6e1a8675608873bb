namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// One product: c (m, n) (=|+=) op(a) (m, k) · op(b) (k, n) + epilogue, with the leading dimensions (row lengths in memory) of the
/// stored matrices.
/// </summary>
readonly unsafe struct GemmShape(
    GemmLayout layout, float* c, int ldc, float* a, int lda, float* b, int ldb, int m, int n, int k, bool add,
    GemmEpilogue epilogue = default)
{
    public readonly GemmLayout Layout = layout;
    public readonly float* C = c, A = a, B = b;
    public readonly nint Ldc = ldc, Lda = lda, Ldb = ldb;
    public readonly int M = m, N = n, K = k;
    public readonly bool Add = add;
    public readonly GemmEpilogue Epilogue = epilogue;
}
