using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Dropout(Sink y, Tensor x, DropoutMask mask)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(y.Tensor.Shape == x.Shape);
        var work = new DropoutWork(Floats(y.Tensor), y.Adds, Floats(x), x.Columns, mask.Noise,
            mask.FirstRow, mask.Threshold, (float)mask.Scale);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    readonly struct DropoutWork(float* y, bool adds, float* x, int columns, Philox noise, long firstRow, uint threshold, float scale)
        : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
                Row(y + (long)r * columns, x + (long)r * columns, DropoutMask.Keys(noise, firstRow + r));
        }

        void Row(float* target, float* source, (uint Before, uint Between) keys)
        {
            V kept = S.Splat(scale);
            int i = 0;
            for (; i <= columns - S.Width; i += S.Width)
            {
                V factor = Compact<V, S>.KeepFrom(threshold, Compact<V, S>.Words((uint)i, keys.Before, keys.Between), kept);
                Send(target, adds, i, S.Multiply(S.Load(source + i), factor));
            }
            int count = columns - i;
            if (count > 0)
            {
                V factor = Compact<V, S>.KeepFrom(threshold, Compact<V, S>.Words((uint)i, keys.Before, keys.Between), kept);
                SendPartial(target, adds, i, S.Multiply(S.LoadPartial(source + i, count), factor), count);
            }
        }
    }
}
