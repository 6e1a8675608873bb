using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>Rows whose weight gradients are summed first: fixed, so that sums do not depend on threads.</summary>
    const int NormRows = 32;

    public void RmsNorm(Tensor y, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        Debug.Assert(y.Shape == x.Shape && weight.Columns == x.Columns && inverseRms.Rows == x.Rows);
        var work = new RmsNormWork(Floats(y), Floats(inverseRms), Floats(x), Floats(weight), epsilon, x.Columns);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    public void RmsNormBackward(Sink dx, Sink dWeight, Tensor dy, Tensor x, Tensor weight, Tensor inverseRms)
    {
        int rows = x.LiveRows, columns = x.Columns, stride = Padded(columns);
        int blocks = (rows + NormRows - 1) / NormRows;
        float* partial = Scratch(ColumnSumFloats(rows, columns));
        var work = new RmsNormBackwardWork(dx.IsWanted ? Floats(dx.Tensor) : null, dx.Adds, partial, stride,
            Floats(dy), Floats(x), Floats(weight), Floats(inverseRms), rows, columns);
        _pool.For(blocks, ref work);
        if (!dWeight.IsWanted)
            return;
        float* total = Floats(dWeight.Tensor);
        if (!dWeight.Adds)
            new Span<float>(total, columns).Clear();
        for (int block = 0; block < blocks; block++)
            Accumulate(total, partial + (long)block * stride, columns);
    }

    readonly struct RmsNormWork(float* y, float* inverseRms, float* x, float* weight, float epsilon, int columns)
        : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = x + (long)r * columns;
                float inverse = (float)(1 / Math.Sqrt((double)Dot(row, row, columns) / columns + epsilon));
                inverseRms[r] = inverse;
                Normalize(y + (long)r * columns, row, inverse);
            }
        }

        void Normalize(float* target, float* row, float inverse)
        {
            V factor = S.Splat(inverse);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
                S.Store(target + i, S.Multiply(S.Multiply(S.Load(row + i), factor), S.Load(weight + i)));
            if (i < columns)
                S.StorePartial(target + i,
                    S.Multiply(S.Multiply(S.LoadPartial(row + i, columns - i), factor),
                        S.LoadPartial(weight + i, columns - i)), columns - i);
        }
    }

    /// <summary>dx = inverse · (dy · w − n · mean(dy · w · n)) with n = x · inverse; dw += dy · n.</summary>
    readonly struct RmsNormBackwardWork(float* dx, bool adds, float* partial, int stride, float* dy, float* x,
        float* weight, float* inverseRms, int rows, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int block = start; block < end; block++)
            {
                float* dWeight = partial + (long)block * stride;
                new Span<float>(dWeight, columns).Clear();
                int last = Math.Min(rows, (block + 1) * NormRows);
                for (int r = block * NormRows; r < last; r++)
                    Row(r, dWeight);
            }
        }

        void Row(int r, float* dWeight)
        {
            float* up = dy + (long)r * columns, row = x + (long)r * columns;
            float inverse = inverseRms[r];
            float mean = AccumulateAndDot(dWeight, up, row, weight, inverse, columns) * inverse / columns;
            if (dx == null)
                return;
            float* target = dx + (long)r * columns;
            V factor = S.Splat(inverse), back = S.Splat(-mean * inverse * inverse);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
            {
                V sent = S.Multiply(S.Multiply(S.Load(up + i), S.Load(weight + i)), factor);
                Send(target, adds, i, S.MulAdd(S.Load(row + i), back, sent));
            }
            int count = columns - i;
            if (count > 0)
            {
                V sent = S.Multiply(S.Multiply(S.LoadPartial(up + i, count), S.LoadPartial(weight + i, count)), factor);
                SendPartial(target, adds, i, S.MulAdd(S.LoadPartial(row + i, count), back, sent), count);
            }
        }
    }

    /// <summary>Σ a · b, in four running sums a lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float Dot(float* a, float* b, int count)
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
        int i = 0;
        for (; i <= count - 4 * S.Width; i += 4 * S.Width)
        {
            s0 = S.MulAdd(S.Load(a + i), S.Load(b + i), s0);
            s1 = S.MulAdd(S.Load(a + i + S.Width), S.Load(b + i + S.Width), s1);
            s2 = S.MulAdd(S.Load(a + i + 2 * S.Width), S.Load(b + i + 2 * S.Width), s2);
            s3 = S.MulAdd(S.Load(a + i + 3 * S.Width), S.Load(b + i + 3 * S.Width), s3);
        }
        for (; i <= count - S.Width; i += S.Width)
            s0 = S.MulAdd(S.Load(a + i), S.Load(b + i), s0);
        if (i < count)
            s1 = S.MulAdd(S.LoadPartial(a + i, count - i), S.LoadPartial(b + i, count - i), s1);
        return S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)));
    }

    /// <summary>target += a · scale · b, and Σ a · b · c from the same pass.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float AccumulateAndDot(float* target, float* a, float* b, float* c, float scale, int count)
    {
        V factor = S.Splat(scale), s0 = S.Zero, s1 = S.Zero;
        int i = 0;
        for (; i <= count - 2 * S.Width; i += 2 * S.Width)
        {
            V a0 = S.Load(a + i), b0 = S.Load(b + i), a1 = S.Load(a + i + S.Width), b1 = S.Load(b + i + S.Width);
            S.Store(target + i, S.MulAdd(S.Multiply(a0, factor), b0, S.Load(target + i)));
            S.Store(target + i + S.Width, S.MulAdd(S.Multiply(a1, factor), b1, S.Load(target + i + S.Width)));
            s0 = S.MulAdd(S.Multiply(a0, S.Load(c + i)), b0, s0);
            s1 = S.MulAdd(S.Multiply(a1, S.Load(c + i + S.Width)), b1, s1);
        }
        for (; i < count; i += S.Width)
        {
            int lanes = Math.Min(S.Width, count - i);
            V a0 = S.LoadPartial(a + i, lanes), b0 = S.LoadPartial(b + i, lanes);
            V sum = S.MulAdd(S.Multiply(a0, factor), b0, S.LoadPartial(target + i, lanes));
            S.StorePartial(target + i, sum, lanes);
            s0 = S.MulAdd(S.Multiply(a0, S.LoadPartial(c + i, lanes)), b0, s0);
        }
        return S.Sum(S.Add(s0, s1));
    }
}
