using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Update<U>(Tensor weights, Tensor first, Tensor second, Tensor third, Tensor gradients, Tensor scalars, U update)
        where U : unmanaged, IUpdate
    {
        long length = weights.Length;
        Debug.Assert(gradients.Length == length && (U.Slots < 1 || first.Length == length));
        Debug.Assert((U.Slots < 2 || second.Length == length) && (U.Slots < 3 || third.Length == length));
        float* values = Floats(scalars);
        if (values[(int)StepScalar.ClipFactor] == 0)
            return; // the gradients are not finite: weights and state stay as they are
        var work = new UpdateWork<U>(Floats(weights), U.Slots < 1 ? null : Floats(first), U.Slots < 2 ? null : Floats(second),
            U.Slots < 3 ? null : Floats(third), Floats(gradients), length, values, update);
        _pool.For(checked((int)((length + Grain - 1) / Grain)), ref work);
    }

    readonly struct UpdateWork<U>(float* weights, float* first, float* second, float* third, float* gradients, long length,
        float* values, U update) : IRowWork where U : unmanaged, IUpdate
    {
        public void Run(int start, int end, int worker)
        {
            U rule = update; // a local copy may live in registers
            var step = new StepNumbers(values);
            V factor = S.Splat(step[StepScalar.ClipFactor]);
            long i = (long)start * Grain, last = Math.Min((long)end * Grain, length);
            for (; i <= last - S.Width; i += S.Width)
            {
                V a = U.Slots < 1 ? default : S.Load(first + i), b = U.Slots < 2 ? default : S.Load(second + i);
                V c = U.Slots < 3 ? default : S.Load(third + i);
                V gradient = S.Multiply(S.Load(gradients + i), factor);
                S.Store(weights + i, rule.Next<V, S>(S.Load(weights + i), gradient, ref a, ref b, ref c, step));
                if (U.Slots >= 1)
                    S.Store(first + i, a);
                if (U.Slots >= 2)
                    S.Store(second + i, b);
                if (U.Slots >= 3)
                    S.Store(third + i, c);
            }
            if (i < last)
                Rest(i, (int)(last - i), rule, step, factor);
        }

        void Rest(long i, int count, U rule, StepNumbers step, V factor)
        {
            V a = U.Slots < 1 ? default : S.LoadPartial(first + i, count), b = U.Slots < 2 ? default : S.LoadPartial(second + i, count);
            V c = U.Slots < 3 ? default : S.LoadPartial(third + i, count);
            V gradient = S.Multiply(S.LoadPartial(gradients + i, count), factor);
            S.StorePartial(weights + i, rule.Next<V, S>(S.LoadPartial(weights + i, count), gradient, ref a, ref b, ref c, step), count);
            if (U.Slots >= 1)
                S.StorePartial(first + i, a, count);
            if (U.Slots >= 2)
                S.StorePartial(second + i, b, count);
            if (U.Slots >= 3)
                S.StorePartial(third + i, c, count);
        }
    }
}
