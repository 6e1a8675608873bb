using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Map<F>(Tensor y, Tensor a, Tensor b) where F : struct, IFormula
    {
        Debug.Assert(y.Shape == a.Shape && y.Shape == b.Shape);
        var work = new MapWork<F>(Floats(y), Floats(a), Floats(b), y.Columns);
        ForRows(y.LiveRows, y.Columns, ref work);
    }

    public void MapBackward<F>(Sink da, Sink db, Tensor dy, Tensor a, Tensor b) where F : struct, IFormula
    {
        if (!da.IsWanted && !db.IsWanted)
            return;
        bool reads = F.BackwardReadsInputs;
        var work = new MapBackwardWork<F>(da.IsWanted ? Floats(da.Tensor) : null, da.Adds,
            db.IsWanted ? Floats(db.Tensor) : null, db.Adds,
            Floats(dy), Floats(reads ? a : dy), Floats(reads ? b : dy), dy.Columns);
        ForRows(dy.LiveRows, dy.Columns, ref work);
    }

    readonly struct MapWork<F>(float* y, float* a, float* b, int columns) : IRowWork where F : struct, IFormula
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
                S.Store(y + i, F.Forward<V, S>(S.Load(a + i), S.Load(b + i)));
            int count = (int)(last - i);
            if (count > 0)
                S.StorePartial(y + i, F.Forward<V, S>(S.LoadPartial(a + i, count), S.LoadPartial(b + i, count)), count);
        }
    }

    readonly struct MapBackwardWork<F>(float* da, bool addsA, float* db, bool addsB, float* dy, float* a, float* b,
        int columns) : IRowWork where F : struct, IFormula
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * columns, last = (long)end * columns;
            for (; i <= last - S.Width; i += S.Width)
            {
                F.Backward<V, S>(S.Load(dy + i), S.Load(a + i), S.Load(b + i), out V gradientA, out V gradientB);
                Send(da, addsA, i, gradientA);
                Send(db, addsB, i, gradientB);
            }
            int count = (int)(last - i);
            if (count > 0)
            {
                F.Backward<V, S>(S.LoadPartial(dy + i, count), S.LoadPartial(a + i, count), S.LoadPartial(b + i, count),
                    out V gradientA, out V gradientB);
                SendPartial(da, addsA, i, gradientA, count);
                SendPartial(db, addsB, i, gradientB, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Send(float* target, bool adds, long i, V value)
    {
        if (target != null)
            S.Store(target + i, adds ? S.Add(S.Load(target + i), value) : value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SendPartial(float* target, bool adds, long i, V value, int count)
    {
        if (target != null)
            S.StorePartial(target + i, adds ? S.Add(S.LoadPartial(target + i, count), value) : value, count);
    }
}
