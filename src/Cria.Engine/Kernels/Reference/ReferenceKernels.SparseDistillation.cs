using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void SparseDistillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, SparsePredictions teachers,
        Tensor targets, Tensor weights, DistillationConstants constants)
    {
        Debug.Assert(crossEntropy.Rows == loss.Rows && divergence.Rows == loss.Rows);
        Debug.Assert(loss.Rows == logits.Rows && teachers.Ids.Rows == logits.Rows && weights.Rows == logits.Rows);
        double[] cold = new double[logits.Columns];
        double[] pull = new double[logits.Columns]; // what the teachers' part takes from A · q
        for (int r = 0; r < logits.LiveRows; r++)
        {
            int target = targets.Span<int>()[r];
            var row = Row(logits, r);
            if (target < 0)
            {
                loss.Span<T>()[r] = crossEntropy.Span<T>()[r] = divergence.Span<T>()[r] = T.Zero;
                row.Clear();
                continue;
            }
            for (int v = 0; v < row.Length; v++)
                cold[v] = Number(row[v]) / constants.Temperature;
            double log = LogSumExp(row), coldLog = LogSumExp(cold), weight = Number(weights.Span<T>()[r]);
            var (far, total) = Teach(teachers, r, cold, coldLog, pull);
            double surprise = log - Number(row[target]);
            loss.Span<T>()[r] = Rounded(constants.CrossEntropy * surprise + constants.Divergence * far);
            (crossEntropy.Span<T>()[r], divergence.Span<T>()[r]) = (Rounded(surprise), Rounded(far));
            for (int v = 0; v < row.Length; v++)
            {
                double next = constants.CrossEntropy * (Math.Exp(Number(row[v]) - log) - (v == target ? 1 : 0));
                double taught = constants.Divergence / constants.Temperature * (total * Math.Exp(cold[v] - coldLog) - pull[v]);
                row[v] = Rounded(weight * (next + taught));
            }
        }
    }

    static (double Divergence, double Total) Teach(SparsePredictions teachers, int r, double[] cold, double coldLog, double[] pull)
    {
        var ids = teachers.Ids.Span<int>().Slice(r * teachers.Ids.Columns, teachers.Ids.Columns);
        Span<T> shares = Row(teachers.Shares, r), logs = Row(teachers.Logs, r);
        double rest = Number(teachers.Rests.Span<T>()[r]), divergence = 0, total = rest;
        bool[] isKept = new bool[cold.Length];
        Array.Clear(pull);
        for (int i = 0; i < ids.Length && ids[i] >= 0; i++)
        {
            double share = Number(shares[i]);
            isKept[ids[i]] = true;
            pull[ids[i]] = share;
            total += share;
            divergence += share * (Number(logs[i]) - (cold[ids[i]] - coldLog));
        }
        if (rest == 0)
            return (divergence, total);
        double[] others = [.. cold];
        for (int v = 0; v < cold.Length; v++)
            others[v] = isKept[v] ? double.NegativeInfinity : cold[v];
        double restLog = LogSumExp(others);
        for (int v = 0; v < cold.Length; v++)
            if (!isKept[v])
                pull[v] = rest * Math.Exp(cold[v] - restLog);
        return (divergence + rest * (Math.Log(rest) - (restLog - coldLog)), total);
    }
}
