using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.MatMul;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    readonly Gemm<V, S> _gemm = new();

    /// <summary>Rows of a column sum that are summed first: fixed, so that sums do not depend on threads.</summary>
    const int SumRows = 64;

    public void MatMul(Sink y, Tensor x, Tensor w, Epilogue epilogue = default)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(x.Columns == w.Columns && y.Tensor.Columns == w.Rows && y.Tensor.Rows == x.Rows);
        var (bias, residual) = (epilogue.Bias, epilogue.Residual);
        Debug.Assert(bias.IsNothing || bias.Length == w.Rows);
        Debug.Assert(residual.IsNothing || residual.Shape == y.Tensor.Shape);
        GemmEpilogue added = new(
            bias.IsNothing ? null : Floats(bias), residual.IsNothing ? null : Floats(residual), w.Rows);
        Product(GemmLayout.NT, y, x, w, x.LiveRows, w.Rows, w.Columns, added);
    }

    public void MatMulInput(Sink dx, Tensor dy, Tensor w)
    {
        if (!dx.IsWanted)
            return;
        Debug.Assert(dy.Columns == w.Rows && dx.Tensor.Columns == w.Columns && dx.Tensor.Rows == dy.Rows);
        Product(GemmLayout.NN, dx, dy, w, dy.LiveRows, w.Columns, w.Rows);
    }

    public void MatMulWeight(Sink dw, Tensor dy, Tensor x)
    {
        if (!dw.IsWanted)
            return;
        Debug.Assert(dy.Rows == x.Rows && dw.Tensor.Rows == dy.Columns && dw.Tensor.Columns == x.Columns);
        Product(GemmLayout.TN, dw, dy, x, dy.Columns, x.Columns, dy.LiveRows);
    }

    public void ColumnSums(Sink sums, Tensor x)
    {
        if (!sums.IsWanted)
            return;
        Debug.Assert(sums.Tensor.Length == x.Columns);
        int rows = x.LiveRows, columns = x.Columns, stride = Padded(columns), blocks = (rows + SumRows - 1) / SumRows;
        float* partial = Scratch(ColumnSumFloats(rows, columns)), total = Floats(sums.Tensor);
        var work = new ColumnSumsWork(partial, stride, Floats(x), rows, columns);
        _pool.For(blocks, ref work);
        if (!sums.Adds)
            new Span<float>(total, columns).Clear();
        for (int block = 0; block < blocks; block++)
            Accumulate(total, partial + (long)block * stride, columns);
    }

    readonly struct ColumnSumsWork(float* partial, int stride, float* x, int rows, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int block = start; block < end; block++)
            {
                float* sums = partial + (long)block * stride;
                new Span<float>(sums, columns).Clear();
                int last = Math.Min(rows, (block + 1) * SumRows);
                for (int r = block * SumRows; r < last; r++)
                    Accumulate(sums, x + (long)r * columns, columns);
            }
        }
    }

    /// <summary>c (m, n) from k products; every matrix is as wide as its tensor.</summary>
    void Product(GemmLayout layout, Sink c, Tensor a, Tensor b, int m, int n, int k, GemmEpilogue epilogue = default)
    {
        if (m == 0 || n == 0)
            return;
        float* target = Floats(c.Tensor);
        _gemm.Run(
            _pool, layout, target, c.Tensor.Columns, Floats(a), a.Columns, Floats(b), b.Columns, m, n, k, c.Adds,
            epilogue);
    }
}
