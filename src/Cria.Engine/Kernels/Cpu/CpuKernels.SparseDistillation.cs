using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void SparseDistillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, SparsePredictions teachers,
        Tensor targets, Tensor weights, DistillationConstants constants)
    {
        Debug.Assert(crossEntropy.Rows == loss.Rows && divergence.Rows == loss.Rows);
        Debug.Assert(loss.Rows == logits.Rows && teachers.Ids.Rows == logits.Rows && weights.Rows == logits.Rows);
        var kept = new KeptTokens(Integers(teachers.Ids), Floats(teachers.Shares), Floats(teachers.Logs), Floats(teachers.Rests),
            Floats(teachers.Places), teachers.Ids.Columns);
        var work = new SparseDistillationWork(Floats(loss), Floats(crossEntropy), Floats(divergence), Floats(logits), kept,
            Integers(targets), Floats(weights), constants, logits.Columns);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    readonly struct KeptTokens(int* ids, float* shares, float* logs, float* rests, float* places, int most)
    {
        public KeptRow this[int r] => new(ids + (long)r * most, shares + (long)r * most, logs + (long)r * most, rests[r],
            places + (long)r * most, most);
    }

    /// <summary>What is kept of one row's prediction.</summary>
    readonly struct KeptRow
    {
        public readonly int* Ids;
        public readonly float* Shares, Logs, Places;
        public readonly float Rest;
        public readonly int Count;

        public KeptRow(int* ids, float* shares, float* logs, float rest, float* places, int most)
        {
            Ids = ids;
            Shares = shares;
            Logs = logs;
            Places = places;
            Rest = rest;
            while (Count < most && ids[Count] >= 0)
                Count++;
        }
    }

    readonly struct SparseDistillationWork(float* losses, float* crossEntropies, float* divergences, float* logits, KeptTokens kept,
        int* targets, float* weights, DistillationConstants constants, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = logits + (long)r * columns;
                int target = targets[r];
                if (target < 0)
                {
                    losses[r] = crossEntropies[r] = divergences[r] = 0;
                    new Span<float>(row, columns).Clear();
                    continue;
                }
                CheckIndex(target, columns);
                var (crossEntropy, divergence) = Run(row, kept[r], target, weights[r]);
                losses[r] = (float)(constants.CrossEntropy * crossEntropy + constants.Divergence * divergence);
                (crossEntropies[r], divergences[r]) = ((float)crossEntropy, (float)divergence);
            }
        }

        (double CrossEntropy, double Divergence) Run(float* row, KeptRow teacher, int target, float weight)
        {
            float max = Max(row, columns), cold = 1 / constants.Temperature;
            float sum = ExpSum(row, max, 1, columns), coldSum = cold == 1 ? sum : ExpSum(row, max, cold, columns);
            double crossEntropy = Math.Log(sum) + ((double)max - row[target]), logSum = Math.Log(coldSum);
            double divergence = 0, total = teacher.Rest;
            for (int i = 0; i < teacher.Count; i++)
            {
                CheckIndex(teacher.Ids[i], columns);
                teacher.Places[i] = row[teacher.Ids[i]];
                divergence += teacher.Shares[i] * (teacher.Logs[i] - (((double)teacher.Places[i] - max) * cold - logSum));
                total += teacher.Shares[i];
            }

            // The other tokens are summed by themselves, from their own highest: their part of a sure student's whole is lost in rounding.
            float top = max, restSum = 0;
            if (teacher.Rest > 0)
            {
                for (int i = 0; i < teacher.Count; i++)
                    row[teacher.Ids[i]] = float.NegativeInfinity;
                top = Max(row, columns);
                restSum = ExpSum(row, top, cold, columns);
                divergence += teacher.Rest * (Math.Log(teacher.Rest) - (((double)top - max) * cold + Math.Log(restSum) - logSum));
            }
            double next = constants.CrossEntropy * weight / sum, taught = constants.Divergence * cold * weight;
            double others = total * Math.Exp(((double)top - max) * cold) / coldSum - (teacher.Rest > 0 ? teacher.Rest / restSum : 0);
            Spread(row, top, (float)(next * Math.Exp((double)top - max)), cold, (float)(taught * others));
            for (int i = 0; i < teacher.Count; i++)
            {
                double x = (double)teacher.Places[i] - max;
                float own = (float)(next * Math.Exp(x) + taught * (total * Math.Exp(x * cold) / coldSum - teacher.Shares[i]));
                row[teacher.Ids[i]] = own;
            }
            row[target] -= constants.CrossEntropy * weight;
            return (crossEntropy, divergence);
        }

        // next · e^(x − top) + taught · e^((x − top) / T)
        [MethodImpl(MethodImplOptions.NoInlining)]
        void Spread(float* row, float top, float next, float cold, float taught)
        {
            V from = S.Splat(top), by = S.Splat(cold), warmFactor = S.Splat(cold == 1 ? next + taught : next), coldFactor = S.Splat(taught);
            bool isOne = cold == 1; // then both softmaxes are one
            for (int i = 0; i < columns; i += S.Width)
            {
                int lanes = Math.Min(S.Width, columns - i);
                V x = S.Subtract(S.LoadPartial(row + i, lanes), from);
                V gradient = S.Multiply(warmFactor, SimdMath.ExpOfNegative<V, S>(x));
                if (!isOne)
                    gradient = S.MulAdd(coldFactor, SimdMath.ExpOfNegative<V, S>(S.Multiply(by, x)), gradient);
                S.StorePartial(row + i, gradient, lanes);
            }
        }
    }
}
