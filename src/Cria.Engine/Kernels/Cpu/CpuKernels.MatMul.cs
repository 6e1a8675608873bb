using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void MatMul(Sink y, Tensor x, Tensor w)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(x.Columns == w.Columns && y.Tensor.Columns == w.Rows && y.Tensor.Rows == x.Rows);
        var work = new MatMulWork(Floats(y.Tensor), y.Adds, Floats(x), Floats(w), w.Rows, w.Columns);
        _pool.For(x.LiveRows, ref work);
    }

    public void MatMulInput(Sink dx, Tensor dy, Tensor w)
    {
        if (!dx.IsWanted)
            return;
        Debug.Assert(dy.Columns == w.Rows && dx.Tensor.Columns == w.Columns && dx.Tensor.Rows == dy.Rows);
        var work = new AxpyWork(Floats(dx.Tensor), dx.Adds, Floats(dy), dy.Columns, 1, Floats(w), w.Rows, w.Columns);
        _pool.For(dy.LiveRows, ref work);
    }

    public void MatMulWeight(Sink dw, Tensor dy, Tensor x)
    {
        if (!dw.IsWanted)
            return;
        Debug.Assert(dy.Rows == x.Rows && dw.Tensor.Rows == dy.Columns && dw.Tensor.Columns == x.Columns);
        var work = new AxpyWork(Floats(dw.Tensor), dw.Adds, Floats(dy), 1, dy.Columns, Floats(x), x.LiveRows, x.Columns);
        _pool.For(dy.Columns, ref work);
    }

    readonly struct MatMulWork(float* y, bool adds, float* x, float* w, int n, int c) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
                for (int j = 0; j < n; j++)
                {
                    float dot = Dot(x + (long)r * c, w + (long)j * c, c);
                    float* target = y + (long)r * n + j;
                    *target = adds ? *target + dot : dot;
                }
        }
    }

    readonly struct AxpyWork(float* c, bool adds, float* a, long rowStride, long depthStride, float* b, int depth, int columns)
        : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                var target = new Span<float>(c + (long)r * columns, columns);
                if (!adds)
                    target.Clear();
                for (int p = 0; p < depth; p++)
                    AddScaled(c + (long)r * columns, b + (long)p * columns, a[r * rowStride + p * depthStride]);
            }
        }

        void AddScaled(float* target, float* source, float factor)
        {
            V by = S.Splat(factor);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
                S.Store(target + i, S.MulAdd(S.Load(source + i), by, S.Load(target + i)));
            for (; i < columns; i++)
                target[i] = MathF.FusedMultiplyAdd(source[i], factor, target[i]);
        }
    }
}
