using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Lerp(Tensor y, Tensor x, Tensor rate)
    {
        long length = y.Length;
        Debug.Assert(x.Length == length);
        var work = new LerpWork(Floats(y), Floats(x), length, *Floats(rate));
        _pool.For(checked((int)((length + Grain - 1) / Grain)), ref work);
    }

    readonly struct LerpWork(float* y, float* x, long length, float rate) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            V share = S.Splat(rate);
            long i = (long)start * Grain, last = Math.Min((long)end * Grain, length);
            for (; i <= last - S.Width; i += S.Width)
            {
                V old = S.Load(y + i);
                S.Store(y + i, S.MulAdd(share, S.Subtract(S.Load(x + i), old), old));
            }
            int count = (int)(last - i);
            if (count > 0)
            {
                V old = S.LoadPartial(y + i, count);
                S.StorePartial(y + i, S.MulAdd(share, S.Subtract(S.LoadPartial(x + i, count), old), old), count);
            }
        }
    }
}
