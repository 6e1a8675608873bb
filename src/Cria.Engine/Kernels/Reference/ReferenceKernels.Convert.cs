using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Convert(Tensor to, Tensor from)
    {
        Debug.Assert(to.Shape == from.Shape && (to.DType == DType.BF16) != (from.DType == DType.BF16));
        int count = to.LiveRows * to.Columns;
        if (to.DType == DType.BF16)
        {
            Span<ushort> compact = to.Span<ushort>();
            Span<T> wide = from.Span<T>();
            for (int i = 0; i < count; i++)
                compact[i] = Rounding.Nearest((float)Number(wide[i]));
        }
        else
        {
            Span<ushort> compact = from.Span<ushort>();
            Span<T> wide = to.Span<T>();
            for (int i = 0; i < count; i++)
                wide[i] = Rounded(Rounding.Widened(compact[i]));
        }
    }

    /// <summary>It needs no buffers.</summary>
    public long ScratchBytes(ScratchDemand demand) => 0;

    public void Reserve(ScratchDemand demand)
    {
    }
}
