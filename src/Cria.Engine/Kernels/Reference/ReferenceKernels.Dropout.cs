using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Dropout(Sink y, Tensor x, DropoutMask mask)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(y.Tensor.Shape == x.Shape);
        for (int r = 0; r < x.LiveRows; r++)
            for (int c = 0; c < x.Columns; c++)
                Put(y, ref Row(y.Tensor, r)[c], Number(Row(x, r)[c]) * mask.Factor(mask.FirstRow + r, 0, c));
    }
}
