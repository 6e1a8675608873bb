using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Distillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, Tensor teachers, Tensor targets,
        Tensor weights, DistillationConstants constants)
    {
        Debug.Assert(loss.Rows == logits.Rows && teachers.Shape == logits.Shape && weights.Rows == logits.Rows);
        Span<T> losses = loss.Span<T>(), crossEntropies = crossEntropy.Span<T>(), divergences = divergence.Span<T>();
        double[] cold = new double[logits.Columns];
        for (int r = 0; r < logits.LiveRows; r++)
        {
            int target = targets.Span<int>()[r];
            Span<T> row = Row(logits, r), teacher = Row(teachers, r);
            if (target < 0)
            {
                losses[r] = crossEntropies[r] = divergences[r] = T.Zero;
                row.Clear();
                continue;
            }
            double log = LogSumExp(row), far = 0, weight = Number(weights.Span<T>()[r]), surprise = log - Number(row[target]);
            for (int v = 0; v < row.Length; v++)
                cold[v] = Number(row[v]) / constants.Temperature;
            double coldLog = LogSumExp(cold);
            for (int v = 0; v < row.Length; v++)
            {
                double p = Number(teacher[v]);
                far += p > 0 ? p * (Math.Log(p) - (cold[v] - coldLog)) : 0;
                double next = constants.CrossEntropy * (Math.Exp(Number(row[v]) - log) - (v == target ? 1 : 0));
                double taught = constants.Divergence / constants.Temperature * (Math.Exp(cold[v] - coldLog) - p);
                row[v] = Rounded(weight * (next + taught));
            }
            losses[r] = Rounded(constants.CrossEntropy * surprise + constants.Divergence * far);
            (crossEntropies[r], divergences[r]) = (Rounded(surprise), Rounded(far));
        }
    }

    public void Softmax(Sink p, Tensor logits, float scale, float factor)
    {
        Debug.Assert(p.Tensor.Shape == logits.Shape);
        double[] scaled = new double[logits.Columns];
        for (int r = 0; r < logits.LiveRows; r++)
        {
            Span<T> row = Row(logits, r), result = Row(p.Tensor, r);
            for (int v = 0; v < row.Length; v++)
                scaled[v] = scale * Number(row[v]);
            double log = LogSumExp(scaled);
            for (int v = 0; v < row.Length; v++)
                Put(p, ref result[v], factor * Math.Exp(scaled[v] - log));
        }
    }

    public void Scale(Sink y, Tensor x, float factor)
    {
        Debug.Assert(y.Tensor.Shape == x.Shape);
        for (int r = 0; r < x.LiveRows; r++)
        {
            Span<T> row = Row(x, r), result = Row(y.Tensor, r);
            for (int c = 0; c < row.Length; c++)
                Put(y, ref result[c], factor * Number(row[c]));
        }
    }

    static double LogSumExp(ReadOnlySpan<double> row)
    {
        double highest = double.NegativeInfinity, sum = 0;
        foreach (double x in row)
            highest = Math.Max(highest, x);
        foreach (double x in row)
            sum += Math.Exp(x - highest);
        return highest + Math.Log(sum);
    }
}
