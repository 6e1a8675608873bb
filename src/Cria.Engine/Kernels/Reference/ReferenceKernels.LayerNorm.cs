using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void LayerNorm(Tensor y, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        Debug.Assert(y.Shape == x.Shape && mean.Rows == x.Rows && inverseDeviation.Rows == x.Rows && weight.Length == x.Columns);
        Span<T> scales = weight.Span<T>(), shifts = bias.IsNothing ? [] : bias.Span<T>();
        for (int r = 0; r < x.LiveRows; r++)
        {
            Span<T> input = Row(x, r), output = Row(y, r);
            double average = 0, variance = 0;
            foreach (T value in input)
                average += Number(value) / input.Length;
            foreach (T value in input)
                variance += (Number(value) - average) * (Number(value) - average) / input.Length;
            double inverse = 1 / Math.Sqrt(variance + epsilon);
            (mean.Span<T>()[r], inverseDeviation.Span<T>()[r]) = (Rounded(average), Rounded(inverse));
            for (int c = 0; c < input.Length; c++)
            {
                double shift = shifts.IsEmpty ? 0 : Number(shifts[c]);
                output[c] = Rounded((Number(input[c]) - average) * inverse * Number(scales[c]) + shift);
            }
        }
    }

    // With n = (x − mean) · inverse and g = dy · weight: dx = inverse · (g − mean(g) − n · mean(g · n)),
    // dWeight = Σ dy · n and dBias = Σ dy over the rows.
    public void LayerNormBackward(Sink dx, Sink dWeight, Sink dBias, Tensor dy, Tensor x, Tensor weight, Tensor mean,
        Tensor inverseDeviation)
    {
        Debug.Assert(dy.Shape == x.Shape && mean.Rows == x.Rows && inverseDeviation.Rows == x.Rows && weight.Length == x.Columns);
        for (int r = 0; dx.IsWanted && r < x.LiveRows; r++)
        {
            Span<T> sent = Row(dx.Tensor, r);
            double sum = 0, product = 0;
            for (int c = 0; c < sent.Length; c++)
            {
                sum += Scaled(r, c) / sent.Length;
                product += Scaled(r, c) * Normed(r, c) / sent.Length;
            }
            for (int c = 0; c < sent.Length; c++)
                Put(dx, ref sent[c], Number(inverseDeviation.Span<T>()[r]) * (Scaled(r, c) - sum - Normed(r, c) * product));
        }
        for (int c = 0; c < x.Columns; c++)
        {
            double sum = 0, product = 0;
            for (int r = 0; r < x.LiveRows; r++)
            {
                sum += Number(Row(dy, r)[c]);
                product += Number(Row(dy, r)[c]) * Normed(r, c);
            }
            if (dWeight.IsWanted)
                Put(dWeight, ref dWeight.Tensor.Span<T>()[c], product);
            if (dBias.IsWanted)
                Put(dBias, ref dBias.Tensor.Span<T>()[c], sum);
        }

        double Normed(int r, int c) => (Number(Row(x, r)[c]) - Number(mean.Span<T>()[r])) * Number(inverseDeviation.Span<T>()[r]);

        double Scaled(int r, int c) => Number(Row(dy, r)[c]) * Number(weight.Span<T>()[c]);
    }
}
