using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Activate<F>(Tensor y, Tensor x) where F : struct, IActivation
    {
        Debug.Assert(y.Shape == x.Shape);
        Span<T> ys = y.Span<T>(), xs = x.Span<T>();
        int count = y.LiveRows * y.Columns;
        for (int i = 0; i < count; i++)
            ys[i] = Rounded(F.Forward<double, DoubleArithmetic>(Number(xs[i])));
    }

    public void ActivateBackward<F>(Sink dx, Tensor dy, Tensor x) where F : struct, IActivation
    {
        Debug.Assert(dy.Shape == x.Shape);
        Span<T> dys = dy.Span<T>(), xs = x.Span<T>();
        int count = dx.IsWanted ? dy.LiveRows * dy.Columns : 0;
        for (int i = 0; i < count; i++)
            Put(dx, ref dx.Tensor.Span<T>()[i], F.Backward<double, DoubleArithmetic>(Number(dys[i]), Number(xs[i])));
    }
}
