using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Distillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, Tensor teachers, Tensor targets,
        Tensor weights, DistillationConstants constants)
    {
        Debug.Assert(loss.Rows == logits.Rows && teachers.Shape == logits.Shape && weights.Rows == logits.Rows);
        Debug.Assert(crossEntropy.Rows == loss.Rows && divergence.Rows == loss.Rows);
        var work = new DistillationWork(Floats(loss), Floats(crossEntropy), Floats(divergence), Floats(logits), Floats(teachers),
            Integers(targets), Floats(weights), constants, logits.Columns);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    readonly struct DistillationWork(float* losses, float* crossEntropies, float* divergences, float* logits, float* teachers,
        int* targets, float* weights, DistillationConstants constants, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = logits + (long)r * columns, teacher = teachers + (long)r * columns;
                int target = targets[r];
                if (target < 0)
                {
                    losses[r] = crossEntropies[r] = divergences[r] = 0;
                    new Span<float>(row, columns).Clear();
                    continue;
                }
                CheckIndex(target, columns);
                float max = Max(row, columns), cold = 1 / constants.Temperature;
                float sum = ExpSum(row, max, 1, columns), coldSum = cold == 1 ? sum : ExpSum(row, max, cold, columns);
                double crossEntropy = Math.Log(sum) + ((double)max - row[target]);
                double divergence = Divergence(row, teacher, max, cold, Math.Log(coldSum), columns);
                losses[r] = (float)(constants.CrossEntropy * crossEntropy + constants.Divergence * divergence);
                (crossEntropies[r], divergences[r]) = ((float)crossEntropy, (float)divergence);
                float next = constants.CrossEntropy * weights[r], taught = constants.Divergence * cold * weights[r];
                Differentiate(row, teacher, max, next / sum, cold, taught / coldSum, taught);
                row[target] -= next;
            }
        }

        // next · e^(s − max) + taughtShare · e^((s − max) / T) − taught · p
        [MethodImpl(MethodImplOptions.NoInlining)]
        void Differentiate(float* row, float* teacher, float max, float next, float cold, float taughtShare, float taught)
        {
            V top = S.Splat(max), by = S.Splat(cold), warmFactor = S.Splat(cold == 1 ? next + taughtShare : next);
            V coldFactor = S.Splat(taughtShare), less = S.Splat(-taught);
            bool isOne = cold == 1; // then both softmaxes are one
            for (int i = 0; i < columns; i += S.Width)
            {
                int lanes = Math.Min(S.Width, columns - i);
                V x = S.Subtract(S.LoadPartial(row + i, lanes), top);
                V gradient = S.MulAdd(less, S.LoadPartial(teacher + i, lanes), S.Multiply(warmFactor, SimdMath.ExpOfNegative<V, S>(x)));
                if (!isOne)
                    gradient = S.MulAdd(coldFactor, SimdMath.ExpOfNegative<V, S>(S.Multiply(by, x)), gradient);
                S.StorePartial(row + i, gradient, lanes);
            }
        }
    }

    /// <summary>Σ p · (log p − ((x − max) · cold − log)), where a p of 0 counts nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static double Divergence(float* row, float* p, float max, float cold, double log, int count)
    {
        const float Smallest = 1.17549435e-38f; // keeps 0 · log 0 at 0
        V top = S.Splat(max), by = S.Splat(cold), floor = S.Splat(Smallest), plus = S.Splat((float)log), sum = S.Zero;
        for (int i = 0; i < count; i += S.Width)
        {
            int lanes = Math.Min(S.Width, count - i);
            V share = S.LoadPartial(p + i, lanes), x = S.Subtract(S.LoadPartial(row + i, lanes), top);
            V ratio = S.Add(S.Subtract(S.Log(S.Max(floor, share)), S.Multiply(by, x)), plus);
            sum = S.MulAdd(share, ratio, sum); // lanes past the end have a share of 0
        }
        return S.Sum(sum);
    }
}
