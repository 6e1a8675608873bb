using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Softmax(Sink p, Tensor logits, float scale, float factor)
    {
        Debug.Assert(p.Tensor.Shape == logits.Shape);
        var work = new SoftmaxWork(Floats(p.Tensor), p.Adds, Floats(logits), scale, factor, logits.Columns);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    public void Scale(Sink y, Tensor x, float factor)
    {
        Debug.Assert(y.Tensor.Shape == x.Shape);
        var work = new ScaleWork(Floats(y.Tensor), y.Adds, Floats(x), factor, x.Columns);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    readonly struct SoftmaxWork(float* p, bool adds, float* logits, float scale, float factor, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = logits + (long)r * columns;
                float max = Max(row, columns);
                Spread(p + (long)r * columns, row, max, factor / ExpSum(row, max, scale, columns));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Spread(float* result, float* row, float max, float share)
        {
            V top = S.Splat(max), by = S.Splat(scale), times = S.Splat(share);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
                Send(result, adds, i, S.Multiply(times, Term(S.Load(row + i), top, by)));
            if (i < columns)
                SendPartial(result, adds, i, S.Multiply(times, Term(S.LoadPartial(row + i, columns - i), top, by)), columns - i);
        }
    }

    readonly struct ScaleWork(float* y, bool adds, float* x, float factor, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            V by = S.Splat(factor);
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                Send(y, adds, i, S.Multiply(by, S.Load(x + i)));
            if (i < last)
                SendPartial(y, adds, i, S.Multiply(by, S.LoadPartial(x + i, (int)(last - i))), (int)(last - i));
        }
    }

    /// <summary>Σ e^(scale · (x − max)), with a scale above 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float ExpSum(float* row, float max, float scale, int count)
    {
        V top = S.Splat(max), by = S.Splat(scale), s0 = S.Zero, s1 = S.Zero;
        int i = 0;
        for (; i <= count - 2 * S.Width; i += 2 * S.Width)
        {
            s0 = S.Add(s0, Term(S.Load(row + i), top, by));
            s1 = S.Add(s1, Term(S.Load(row + i + S.Width), top, by));
        }
        double sum = S.Sum(S.Add(s0, s1));
        float* terms = stackalloc float[16];
        for (; i < count; i += S.Width)
        {
            int lanes = Math.Min(S.Width, count - i);
            S.Store(terms, Term(S.LoadPartial(row + i, lanes), top, by));
            for (int lane = 0; lane < lanes; lane++)
                sum += terms[lane];
        }
        return (float)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Term(V x, V top, V scale) => SimdMath.ExpOfNegative<V, S>(S.Multiply(scale, S.Subtract(x, top)));
}
