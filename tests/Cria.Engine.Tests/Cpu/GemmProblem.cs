using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Engine.Tests.Cpu;

/// <summary>
/// A product with known factors. Everything outside the matrices, the ends of their rows included, is NaN on the way in
/// and must be NaN on the way out.
/// </summary>
sealed unsafe class GemmProblem
{
    const int Border = 64;

    readonly GemmLayout _layout;
    readonly int _padding;
    readonly float[,] _a, _b;

    public GemmProblem(GemmLayout layout, int m, int n, int k, int padding)
        : this(layout, padding, Fill(m, k, 1), Fill(k, n, 2))
    {
    }

    GemmProblem(GemmLayout layout, int padding, float[,] a, float[,] b) =>
        (_layout, _padding, _a, _b) = (layout, padding, a, b);

    public int M => _a.GetLength(0);

    public int N => _b.GetLength(1);

    int K => _a.GetLength(1);

    public override string ToString() => $"{_layout} {M} x {N} x {K}";

    public GemmProblem Rows(int first, int count) => new(_layout, _padding, Part(_a, first, count, 0, K), _b);

    public GemmProblem Columns(int first, int count) => new(_layout, _padding, _a, Part(_b, 0, K, first, count));

    /// <summary>The result before adding is 3.</summary>
    public float[] Run(IGemm gemm, WorkerPool pool, bool add) =>
        Call((c, ldc, a, lda, b, ldb) => gemm.Run(pool, _layout, c, ldc, a, lda, b, ldb, M, N, K, add));

    public float[] RunAlone(IGemm gemm, int worker) =>
        Call((c, ldc, a, lda, b, ldb) => gemm.RunAlone(worker, _layout, c, ldc, a, lda, b, ldb, M, N, K, add: false));

    /// <summary>Of all threads, in the best of several windows: the test runner's own allocate now and then too.</summary>
    public long AllocatedBytes(IGemm gemm, WorkerPool pool, int products)
    {
        long bytes = long.MaxValue;
        Call((c, ldc, a, lda, b, ldb) =>
        {
            gemm.Run(pool, _layout, c, ldc, a, lda, b, ldb, M, N, K, false);
            for (int window = 0; window < 20 && bytes > 0; window++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                for (int i = 0; i < products; i++)
                    gemm.Run(pool, _layout, c, ldc, a, lda, b, ldb, M, N, K, i % 2 == 0);
                bytes = Math.Min(bytes, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
        });
        return bytes;
    }

    /// <summary>The exact element and the sum of the magnitudes that make it.</summary>
    public (double Value, double Magnitude) Expected(int row, int column, bool add)
    {
        double value = add ? 3 : 0, magnitude = value;
        for (int p = 0; p < K; p++)
        {
            double term = (double)_a[row, p] * _b[p, column];
            value += term;
            magnitude += Math.Abs(term);
        }
        return (value, magnitude);
    }

    delegate void Product(float* c, int ldc, float* a, int lda, float* b, int ldb);

    float[] Call(Product product)
    {
        float[] a = Stored(_a, _layout == GemmLayout.TN, out int lda);
        float[] b = Stored(_b, _layout == GemmLayout.NT, out int ldb);
        float[,] before = new float[M, N];
        for (int i = 0; i < before.Length; i++)
            before[i / N, i % N] = 3;
        float[] c = Stored(before, false, out int ldc);
        fixed (float* pc = c, pa = a, pb = b)
            product(pc + Border, ldc, pa + Border, lda, pb + Border, ldb);

        float[] result = new float[M * N];
        for (int i = 0; i < c.Length; i++)
        {
            (int row, int column) = Math.DivRem(i - Border, ldc);
            if (i >= Border && row < M && column < N)
                result[row * N + column] = c[i];
            else
                Assert.True(float.IsNaN(c[i]), $"{this}: wrote outside c, at row {row}, column {column}.");
        }
        return result;
    }

    float[] Stored(float[,] matrix, bool transposed, out int leading)
    {
        (int rows, int columns) = (matrix.GetLength(0), matrix.GetLength(1));
        if (transposed)
            (rows, columns) = (columns, rows);
        leading = columns + _padding;
        float[] stored = new float[rows * leading + 2 * Border];
        Array.Fill(stored, float.NaN);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                stored[Border + i * leading + j] = transposed ? matrix[j, i] : matrix[i, j];
        }
        return stored;
    }

    static float[,] Fill(int rows, int columns, uint seed)
    {
        float[,] matrix = new float[rows, columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            seed = seed * 1664525 + 1013904223;
            matrix[i / columns, i % columns] = (seed >> 8) / (float)(1 << 23) - 1;
        }
        return matrix;
    }

    static float[,] Part(float[,] matrix, int row, int rows, int column, int columns)
    {
        float[,] part = new float[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                part[i, j] = matrix[row + i, column + j];
        }
        return part;
    }
}
