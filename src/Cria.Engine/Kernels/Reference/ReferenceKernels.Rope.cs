using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Rope(Sink y, Tensor x, Tensor positions, Tensor cosSin, int headDim, bool inverse)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(y.Tensor.Shape == x.Shape && x.Columns % headDim == 0 && cosSin.Columns <= headDim);
        int half = cosSin.Columns / 2;
        for (int r = 0; r < x.LiveRows; r++)
        {
            var turns = Row(cosSin, positions.Span<int>()[r]);
            for (int head = 0; head < x.Columns; head += headDim)
            {
                Span<T> input = Row(x, r).Slice(head, headDim), output = Row(y.Tensor, r).Slice(head, headDim);
                for (int i = 0; i < half; i++)
                {
                    double cos = Number(turns[i]), sin = inverse ? -Number(turns[half + i]) : Number(turns[half + i]);
                    double first = Number(input[i]), second = Number(input[half + i]); // both before y, which may be x
                    Put(y, ref output[i], first * cos - second * sin);
                    Put(y, ref output[half + i], second * cos + first * sin);
                }
                for (int i = 2 * half; i < headDim; i++)
                    Put(y, ref output[i], Number(input[i]));
            }
        }
    }
}
