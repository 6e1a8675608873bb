using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Activate<F>(Tensor y, Tensor x) where F : struct, IActivation
    {
        Debug.Assert(y.Shape == x.Shape);
        var work = new ActivateWork<F>(Floats(y), Floats(x), y.Columns);
        ForRows(y.LiveRows, y.Columns, ref work);
    }

    public void ActivateBackward<F>(Sink dx, Tensor dy, Tensor x) where F : struct, IActivation
    {
        if (!dx.IsWanted)
            return;
        Debug.Assert(dy.Shape == x.Shape);
        var work = new ActivateBackwardWork<F>(Floats(dx.Tensor), dx.Adds, Floats(dy), Floats(x), dy.Columns);
        ForRows(dy.LiveRows, dy.Columns, ref work);
    }

    readonly struct ActivateWork<F>(float* y, float* x, int columns) : IRowWork where F : struct, IActivation
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                S.Store(y + i, F.Forward<V, S>(S.Load(x + i)));
            int count = (int)(last - i);
            if (count > 0)
                S.StorePartial(y + i, F.Forward<V, S>(S.LoadPartial(x + i, count)), count);
        }
    }

    readonly struct ActivateBackwardWork<F>(float* dx, bool adds, float* dy, float* x, int columns) : IRowWork
        where F : struct, IActivation
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                Send(dx, adds, i, F.Backward<V, S>(S.Load(dy + i), S.Load(x + i)));
            int count = (int)(last - i);
            if (count > 0)
                SendPartial(dx, adds, i, F.Backward<V, S>(S.LoadPartial(dy + i, count), S.LoadPartial(x + i, count)), count);
        }
    }
}
