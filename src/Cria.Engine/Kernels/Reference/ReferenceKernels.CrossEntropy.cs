using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void CrossEntropy(Tensor loss, Tensor logits, Tensor targets)
    {
        Debug.Assert(loss.Rows == logits.Rows && targets.Rows == logits.Rows);
        for (int r = 0; r < logits.LiveRows; r++)
        {
            int target = targets.Span<int>()[r];
            var row = Row(logits, r);
            loss.Span<T>()[r] = target < 0 ? T.Zero : Rounded(LogSumExp(row) - Number(row[target]));
        }
    }

    public void CrossEntropyGradient(Tensor loss, Tensor logits, Tensor targets, Tensor weights)
    {
        CrossEntropy(loss, logits, targets);
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
                row[token] = Rounded(weight * (Math.Exp(Number(row[token]) - log) - (token == target ? 1 : 0)));
        }
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
