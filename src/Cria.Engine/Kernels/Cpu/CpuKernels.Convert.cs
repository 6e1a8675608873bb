using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Convert(Tensor to, Tensor from)
    {
        Debug.Assert(to.Shape == from.Shape);
        if (to.DType == DType.BF16)
        {
            var work = new RoundWork(Halves(to), Floats(from), to.Columns);
            ForRows(to.LiveRows, to.Columns, ref work);
        }
        else
        {
            var work = new WidenWork(Floats(to), Halves(from), to.Columns);
            ForRows(to.LiveRows, to.Columns, ref work);
        }
    }

    readonly struct RoundWork(ushort* to, float* from, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                Compact<V, S>.StoreNearest(to + i, S.Load(from + i));
            for (; i < last; i++)
                to[i] = Rounding.Nearest(from[i]);
        }
    }

    readonly struct WidenWork(float* to, ushort* from, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                S.Store(to + i, Compact<V, S>.Load(from + i));
            for (; i < last; i++)
                to[i] = Rounding.Widened(from[i]);
        }
    }

    static ushort* Halves(Tensor tensor)
    {
        if (tensor.DType != DType.BF16)
            throw new ArgumentException($"compact numbers are BF16, not {tensor}");
        return (ushort*)tensor.Address;
    }
}
