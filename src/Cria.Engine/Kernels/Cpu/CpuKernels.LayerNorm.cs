using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void LayerNorm(Tensor y, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        Debug.Assert(y.Shape == x.Shape && weight.Columns == x.Columns && mean.Rows == x.Rows && inverseDeviation.Rows == x.Rows);
        var work = new LayerNormWork(Floats(y), Floats(mean), Floats(inverseDeviation), Floats(x), Floats(weight),
            bias.IsNothing ? null : Floats(bias), epsilon, x.Columns);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    public void LayerNormBackward(Sink dx, Sink dWeight, Sink dBias, Tensor dy, Tensor x, Tensor weight, Tensor mean,
        Tensor inverseDeviation)
    {
        Debug.Assert(dy.Shape == x.Shape && weight.Columns == x.Columns);
        int rows = x.LiveRows, columns = x.Columns, stride = Padded(columns);
        int blocks = (rows + NormRows - 1) / NormRows;
        bool wantsSums = dWeight.IsWanted || dBias.IsWanted;
        float* partial = wantsSums ? Scratch(ColumnSumFloats(rows, columns, sums: 2)) : null;
        var work = new LayerNormBackwardWork(dx.IsWanted ? Floats(dx.Tensor) : null, dx.Adds, partial, stride,
            Floats(dy), Floats(x), Floats(weight), Floats(mean), Floats(inverseDeviation), rows, columns);
        _pool.For(blocks, ref work);
        SumBlocks(dWeight, partial, blocks, 2L * stride, columns);
        SumBlocks(dBias, partial + stride, blocks, 2L * stride, columns);
    }

    /// <summary>The sums of all blocks, added in their order: the same on any number of threads.</summary>
    static void SumBlocks(Sink total, float* partial, int blocks, long stride, int columns)
    {
        if (!total.IsWanted)
            return;
        float* sum = Floats(total.Tensor);
        if (!total.Adds)
            new Span<float>(sum, columns).Clear();
        for (int block = 0; block < blocks; block++)
            Accumulate(sum, partial + block * stride, columns);
    }

    readonly struct LayerNormWork(float* y, float* mean, float* inverseDeviation, float* x, float* weight, float* bias,
        float epsilon, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = x + (long)r * columns;
                float average = Total(row, columns) / columns;
                float inverse = (float)(1 / Math.Sqrt((double)Deviation(row, average, columns) / columns + epsilon));
                (mean[r], inverseDeviation[r]) = (average, inverse);
                Normalize(y + (long)r * columns, row, average, inverse);
            }
        }

        void Normalize(float* target, float* row, float average, float inverse)
        {
            V center = S.Splat(average), factor = S.Splat(inverse);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
            {
                V normed = S.Multiply(S.Subtract(S.Load(row + i), center), factor);
                S.Store(target + i, S.MulAdd(normed, S.Load(weight + i), bias == null ? S.Zero : S.Load(bias + i)));
            }
            int count = columns - i;
            if (count > 0)
            {
                V normed = S.Multiply(S.Subtract(S.LoadPartial(row + i, count), center), factor);
                V shift = bias == null ? S.Zero : S.LoadPartial(bias + i, count);
                S.StorePartial(target + i, S.MulAdd(normed, S.LoadPartial(weight + i, count), shift), count);
            }
        }
    }

    /// <summary>
    /// With n = (x − mean) · inverse and g = dy · weight: dx = inverse · (g − mean(g) − n · mean(g · n)); a block of rows
    /// sums dy · n and dy into its own place.
    /// </summary>
    readonly struct LayerNormBackwardWork(float* dx, bool adds, float* partial, int stride, float* dy, float* x,
        float* weight, float* mean, float* inverseDeviation, int rows, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int block = start; block < end; block++)
            {
                float* sums = partial == null ? null : partial + 2L * block * stride;
                if (sums != null)
                    new Span<float>(sums, 2 * stride).Clear();
                int last = Math.Min(rows, (block + 1) * NormRows);
                for (int r = block * NormRows; r < last; r++)
                    Row(r, sums);
            }
        }

        void Row(int r, float* sums)
        {
            float* up = dy + (long)r * columns, row = x + (long)r * columns;
            if (sums != null)
                AccumulateRow(sums, sums + stride, up, row, mean[r], inverseDeviation[r]);
            if (dx != null)
                SendRow(dx + (long)r * columns, up, row, mean[r], inverseDeviation[r]);
        }

        void AccumulateRow(float* products, float* totals, float* up, float* row, float average, float inverse)
        {
            V center = S.Splat(average), factor = S.Splat(inverse);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
            {
                V given = S.Load(up + i), normed = S.Multiply(S.Subtract(S.Load(row + i), center), factor);
                S.Store(products + i, S.MulAdd(given, normed, S.Load(products + i)));
                S.Store(totals + i, S.Add(given, S.Load(totals + i)));
            }
            int count = columns - i;
            if (count > 0)
            {
                V given = S.LoadPartial(up + i, count);
                V normed = S.Multiply(S.Subtract(S.LoadPartial(row + i, count), center), factor);
                S.StorePartial(products + i, S.MulAdd(given, normed, S.LoadPartial(products + i, count)), count);
                S.StorePartial(totals + i, S.Add(given, S.LoadPartial(totals + i, count)), count);
            }
        }

        void SendRow(float* target, float* up, float* row, float average, float inverse)
        {
            var (sum, product) = Moments(up, row, weight, average, columns);
            // inverse · (g − mean(g) − n · mean(g · n)) = inverse · (g − mean(g)) + (x − mean) · back
            V center = S.Splat(average), factor = S.Splat(inverse), level = S.Splat(sum / columns);
            V back = S.Splat(-inverse * inverse * inverse * (product / columns));
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
            {
                V scaled = S.Multiply(S.Load(up + i), S.Load(weight + i));
                V sent = S.Multiply(S.Subtract(scaled, level), factor);
                Send(target, adds, i, S.MulAdd(S.Subtract(S.Load(row + i), center), back, sent));
            }
            int count = columns - i;
            if (count > 0)
            {
                V scaled = S.Multiply(S.LoadPartial(up + i, count), S.LoadPartial(weight + i, count));
                V sent = S.Multiply(S.Subtract(scaled, level), factor);
                SendPartial(target, adds, i, S.MulAdd(S.Subtract(S.LoadPartial(row + i, count), center), back, sent), count);
            }
        }
    }

    /// <summary>Σ x</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float Total(float* x, int count)
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
        int i = 0;
        for (; i <= count - 4 * S.Width; i += 4 * S.Width)
        {
            s0 = S.Add(S.Load(x + i), s0);
            s1 = S.Add(S.Load(x + i + S.Width), s1);
            s2 = S.Add(S.Load(x + i + 2 * S.Width), s2);
            s3 = S.Add(S.Load(x + i + 3 * S.Width), s3);
        }
        for (; i < count; i += S.Width)
            s0 = S.Add(S.LoadPartial(x + i, Math.Min(S.Width, count - i)), s0);
        return S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)));
    }

    /// <summary>Σ (x − center)²; what is left past the last vector is a plain loop, as lanes past the end would count.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float Deviation(float* x, float center, int count)
    {
        V s0 = S.Zero, s1 = S.Zero, middle = S.Splat(center);
        int i = 0;
        for (; i <= count - 2 * S.Width; i += 2 * S.Width)
        {
            V first = S.Subtract(S.Load(x + i), middle), second = S.Subtract(S.Load(x + i + S.Width), middle);
            s0 = S.MulAdd(first, first, s0);
            s1 = S.MulAdd(second, second, s1);
        }
        for (; i <= count - S.Width; i += S.Width)
        {
            V last = S.Subtract(S.Load(x + i), middle);
            s0 = S.MulAdd(last, last, s0);
        }
        float rest = 0;
        for (; i < count; i++)
            rest += (x[i] - center) * (x[i] - center);
        return S.Sum(S.Add(s0, s1)) + rest;
    }

    /// <summary>Σ g and Σ g · (x − center), with g = dy · weight.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static (float Sum, float Product) Moments(float* dy, float* x, float* weight, float center, int count)
    {
        V sum0 = S.Zero, sum1 = S.Zero, product0 = S.Zero, product1 = S.Zero, middle = S.Splat(center);
        int i = 0;
        for (; i <= count - 2 * S.Width; i += 2 * S.Width)
        {
            V first = S.Multiply(S.Load(dy + i), S.Load(weight + i));
            V second = S.Multiply(S.Load(dy + i + S.Width), S.Load(weight + i + S.Width));
            sum0 = S.Add(first, sum0);
            sum1 = S.Add(second, sum1);
            product0 = S.MulAdd(first, S.Subtract(S.Load(x + i), middle), product0);
            product1 = S.MulAdd(second, S.Subtract(S.Load(x + i + S.Width), middle), product1);
        }
        for (; i < count; i += S.Width)
        {
            int lanes = Math.Min(S.Width, count - i);
            V scaled = S.Multiply(S.LoadPartial(dy + i, lanes), S.LoadPartial(weight + i, lanes));
            sum0 = S.Add(scaled, sum0);
            product0 = S.MulAdd(scaled, S.Subtract(S.LoadPartial(x + i, lanes), middle), product0);
        }
        return (S.Sum(S.Add(sum0, sum1)), S.Sum(S.Add(product0, product1)));
    }
}
