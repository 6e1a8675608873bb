using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void CrossEntropy(Tensor loss, Tensor logits, Tensor targets, float smoothing)
    {
        var work = new CrossEntropyWork(Floats(loss), Floats(logits), Integers(targets), null, logits.Columns, smoothing);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    public void CrossEntropyGradient(Tensor loss, Tensor logits, Tensor targets, Tensor weights, float smoothing)
    {
        Debug.Assert(loss.Rows == logits.Rows && weights.Rows == logits.Rows);
        var work = new CrossEntropyWork(
            Floats(loss), Floats(logits), Integers(targets), Floats(weights), logits.Columns, smoothing);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    /// <summary>Without weights the logits stay as they are.</summary>
    readonly struct CrossEntropyWork(float* loss, float* logits, int* targets, float* weights, int columns, float smoothing)
        : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = logits + (long)r * columns;
                int target = targets[r];
                if (target < 0)
                {
                    loss[r] = 0;
                    if (weights != null)
                        new Span<float>(row, columns).Clear();
                    continue;
                }
                CheckIndex(target, columns);
                float max = Max(row, columns);
                double aim = row[target];
                if (smoothing > 0)
                    aim = (1 - smoothing) * aim + smoothing * (double)Total(row, columns) / columns;
                float sum = weights == null ? ExpSum<Keep>(row, max, columns) : ExpSum<Replace>(row, max, columns);
                loss[r] = (float)(Math.Log(sum) + (max - aim));
                if (weights == null)
                    continue;
                Scale(row, weights[r] / sum, columns);
                if (smoothing > 0)
                    Shift(row, -smoothing * weights[r] / columns, columns);
                row[target] -= (1 - smoothing) * weights[r];
            }
        }
    }

    interface IStores
    {
        static abstract bool Stores { get; }
    }

    readonly struct Keep : IStores
    {
        public static bool Stores => false;
    }

    readonly struct Replace : IStores
    {
        public static bool Stores => true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static float Max(float* row, int count)
    {
        V lowest = S.Splat(float.NegativeInfinity);
        V m0 = lowest, m1 = lowest;
        int i = 0;
        for (; i <= count - 2 * S.Width; i += 2 * S.Width)
        {
            m0 = S.Max(m0, S.Load(row + i));
            m1 = S.Max(m1, S.Load(row + i + S.Width));
        }
        float max = S.MaxAcross(S.Max(m0, m1));
        for (; i < count; i++)
            max = row[i] > max ? row[i] : max;
        return max;
    }

    /// <summary>Σ e^(x − max), and where M stores, the terms in the place of x.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static float ExpSum<M>(float* row, float max, int count) where M : struct, IStores
    {
        V top = S.Splat(max), s0 = S.Zero, s1 = S.Zero;
        int i = 0;
        for (; i <= count - 4 * S.Width; i += 4 * S.Width) // four share the loads of the polynomial's constants
        {
            V e0 = Term(row + i, top), e1 = Term(row + i + S.Width, top);
            V e2 = Term(row + i + 2 * S.Width, top), e3 = Term(row + i + 3 * S.Width, top);
            if (M.Stores)
            {
                S.Store(row + i, e0);
                S.Store(row + i + S.Width, e1);
                S.Store(row + i + 2 * S.Width, e2);
                S.Store(row + i + 3 * S.Width, e3);
            }
            s0 = S.Add(s0, S.Add(e0, e2));
            s1 = S.Add(s1, S.Add(e1, e3));
        }
        double sum = S.Sum(S.Add(s0, s1));
        float* terms = stackalloc float[16];
        for (; i < count; i += S.Width)
        {
            int lanes = Math.Min(S.Width, count - i);
            V e = SimdMath.ExpOfNegative<V, S>(S.Subtract(S.LoadPartial(row + i, lanes), top));
            S.Store(terms, e);
            for (int lane = 0; lane < lanes; lane++)
                sum += terms[lane];
            if (M.Stores)
                S.StorePartial(row + i, e, lanes);
        }
        return (float)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Term(float* x, V top) => SimdMath.ExpOfNegative<V, S>(S.Subtract(S.Load(x), top));

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Scale(float* row, float factor, int count)
    {
        V by = S.Splat(factor);
        int i = 0;
        for (; i <= count - S.Width; i += S.Width)
            S.Store(row + i, S.Multiply(S.Load(row + i), by));
        for (; i < count; i++)
            row[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Shift(float* row, float by, int count)
    {
        V and = S.Splat(by);
        int i = 0;
        for (; i <= count - S.Width; i += S.Width)
            S.Store(row + i, S.Add(S.Load(row + i), and));
        for (; i < count; i++)
            row[i] += by;
    }
}
