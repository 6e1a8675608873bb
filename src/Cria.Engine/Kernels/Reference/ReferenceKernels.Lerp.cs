using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Lerp(Tensor y, Tensor x, Tensor rate)
    {
        Debug.Assert(y.Length == x.Length);
        double share = rate.Span<float>()[0];
        Span<T> ys = y.Span<T>(), xs = x.Span<T>();
        for (int i = 0; i < ys.Length; i++)
            ys[i] = Rounded(Number(ys[i]) + share * (Number(xs[i]) - Number(ys[i])));
    }
}
