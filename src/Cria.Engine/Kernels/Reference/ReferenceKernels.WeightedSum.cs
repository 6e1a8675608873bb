using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void WeightedSum(Tensor total, Tensor values, Tensor weights)
    {
        Debug.Assert(total.Length == 1 && values.Rows == weights.Rows);
        int rows = values.LiveRows;
        total.Span<T>()[0] = Rounded(Dot(values.Span<T>()[..rows], weights.Span<T>()[..rows]));
    }
}
