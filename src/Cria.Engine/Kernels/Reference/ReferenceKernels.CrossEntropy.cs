using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void CrossEntropy(Tensor loss, Tensor logits, Tensor targets, float smoothing)
    {
        Debug.Assert(loss.Rows == logits.Rows && targets.Rows == logits.Rows);
        for (int r = 0; r < logits.LiveRows; r++)
        {
            int target = targets.Span<int>()[r];
            var row = Row(logits, r);
            loss.Span<T>()[r] = target < 0 ? T.Zero : Rounded(LogSumExp(row) - Aim(row, target, smoothing));
        }
    }

    public void CrossEntropyGradient(Tensor loss, Tensor logits, Tensor targets, Tensor weights, float smoothing)
    {
        CrossEntropy(loss, logits, targets, smoothing);
        for (int r = 0; r < logits.LiveRows; r++)
        {
            int target = targets.Span<int>()[r];
            var row = Row(logits, r);
            if (target < 0)
            {
                row.Clear();
                continue;
            }
            double weight = Number(weights.Span<T>()[r]), log = LogSumExp(row);
            for (int token = 0; token < row.Length; token++)
            {
                double aim = (token == target ? 1 - (double)smoothing : 0) + (double)smoothing / row.Length;
                row[token] = Rounded(weight * (Math.Exp(Number(row[token]) - log) - aim));
            }
        }
    }

    // The mean logit of what the row should say.
    static double Aim(ReadOnlySpan<T> row, int target, double smoothing)
    {
        double sum = 0;
        foreach (T x in row)
            sum += Number(x);
        return (1 - smoothing) * Number(row[target]) + smoothing * sum / row.Length;
    }

    static double LogSumExp(ReadOnlySpan<T> row)
    {
        double highest = double.NegativeInfinity, sum = 0;
        foreach (T x in row)
            highest = Math.Max(highest, Number(x));
        foreach (T x in row)
            sum += Math.Exp(Number(x) - highest);
        return highest + Math.Log(sum);
    }
}
