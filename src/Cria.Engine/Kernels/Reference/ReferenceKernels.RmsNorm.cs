using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void RmsNorm(Tensor y, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        Debug.Assert(y.Shape == x.Shape && inverseRms.Rows == x.Rows && weight.Length == x.Columns);
        Span<T> scales = weight.Span<T>(), inverses = inverseRms.Span<T>();
        for (int r = 0; r < x.LiveRows; r++)
        {
            Span<T> input = Row(x, r), output = Row(y, r);
            double inverse = 1 / Math.Sqrt(Dot(input, input) / x.Columns + epsilon);
            inverses[r] = Rounded(inverse);
            for (int c = 0; c < input.Length; c++)
                output[c] = Rounded(Number(input[c]) * inverse * Number(scales[c]));
        }
    }

    // With n = x · inverse: dx = inverse · (dy · weight − n · mean(dy · weight · n)), dWeight = Σ dy · n over the rows.
    public void RmsNormBackward(Sink dx, Sink dWeight, Tensor dy, Tensor x, Tensor weight, Tensor inverseRms)
    {
        Debug.Assert(dy.Shape == x.Shape && inverseRms.Rows == x.Rows && weight.Length == x.Columns);
        Span<T> scales = weight.Span<T>(), inverses = inverseRms.Span<T>();
        for (int r = 0; dx.IsWanted && r < x.LiveRows; r++)
        {
            Span<T> given = Row(dy, r), input = Row(x, r), sent = Row(dx.Tensor, r);
            double inverse = Number(inverses[r]), mean = 0;
            for (int c = 0; c < input.Length; c++)
                mean += Number(given[c]) * Number(scales[c]) * Number(input[c]) * inverse / input.Length;
            for (int c = 0; c < input.Length; c++)
            {
                double normed = Number(input[c]) * inverse;
                Put(dx, ref sent[c], inverse * (Number(given[c]) * Number(scales[c]) - normed * mean));
            }
        }
        for (int c = 0; dWeight.IsWanted && c < x.Columns; c++)
        {
            double sum = 0;
            for (int r = 0; r < x.LiveRows; r++)
                sum += Number(Row(dy, r)[c]) * Number(Row(x, r)[c]) * Number(inverses[r]);
            Put(dWeight, ref dWeight.Tensor.Span<T>()[c], sum);
        }
    }
}
