using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.MatMul;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    readonly Gemm<V, S> _gemm = new();

    public void MatMul(Sink y, Tensor x, Tensor w)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(x.Columns == w.Columns && y.Tensor.Columns == w.Rows && y.Tensor.Rows == x.Rows);
        Product(GemmLayout.NT, y, x, w, x.LiveRows, w.Rows, w.Columns);
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

    /// <summary>c (m, n) from k products; every matrix is as wide as its tensor.</summary>
    void Product(GemmLayout layout, Sink c, Tensor a, Tensor b, int m, int n, int k)
    {
        if (m == 0 || n == 0)
            return;
        float* target = Floats(c.Tensor);
        _gemm.Run(
            _pool, layout, target, c.Tensor.Columns, Floats(a), a.Columns, Floats(b), b.Columns, m, n, k, c.Adds);
    }
}
