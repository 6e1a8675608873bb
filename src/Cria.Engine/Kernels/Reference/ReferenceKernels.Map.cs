using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Map<F>(Tensor y, Tensor a, Tensor b) where F : struct, IFormula
    {
        Debug.Assert(y.Shape == a.Shape && a.Shape == b.Shape);
        Span<T> ys = y.Span<T>(), @as = a.Span<T>(), bs = b.Span<T>();
        int count = y.LiveRows * y.Columns;
        for (int i = 0; i < count; i++)
            ys[i] = Rounded(F.Forward<double, DoubleArithmetic>(Number(@as[i]), Number(bs[i])));
    }

    public void MapBackward<F>(Sink da, Sink db, Tensor dy, Tensor a, Tensor b) where F : struct, IFormula
    {
        Debug.Assert(dy.Shape == a.Shape && a.Shape == b.Shape);
        Span<T> dys = dy.Span<T>(), @as = a.Span<T>(), bs = b.Span<T>();
        int count = dy.LiveRows * dy.Columns;
        for (int i = 0; i < count; i++)
        {
            F.Backward<double, DoubleArithmetic>(Number(dys[i]), Number(@as[i]), Number(bs[i]), out double first, out double second);
            if (da.IsWanted)
                Put(da, ref da.Tensor.Span<T>()[i], first);
            if (db.IsWanted)
                Put(db, ref db.Tensor.Span<T>()[i], second);
        }
    }
}
