using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void SampleLabels(Tensor targets, Tensor logits, SampledLabels labels)
    {
        Debug.Assert(targets.Rows == logits.Rows);
        var work = new SampleLabelsWork(
            Integers(targets), Floats(logits), logits.Columns, labels.FirstRow + logits.FirstRow, labels.Step, labels.Noise);
        ForRows(logits.LiveRows, logits.Columns, ref work);
    }

    readonly struct SampleLabelsWork(int* targets, float* logits, int columns, long firstRow, int step, Philox noise) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                float* row = logits + (long)r * columns;
                float max = Max(row, columns);
                targets[r] = Label(row, max, SampledLabels.Share(noise, firstRow + r, step) * ExpSum<Keep>(row, max, columns));
            }
        }

        // The first token at which the sum of all up to it passes the share; rounding may leave the last one.
        int Label(float* row, float max, double share)
        {
            V top = S.Splat(max);
            float* terms = stackalloc float[16];
            double sum = 0;
            for (int i = 0; i < columns; i += S.Width)
            {
                int lanes = Math.Min(S.Width, columns - i);
                V e = SimdMath.ExpOfNegative<V, S>(S.Subtract(S.LoadPartial(row + i, lanes), top));
                S.Store(terms, e);
                for (int lane = 0; lane < lanes; lane++)
                {
                    sum += terms[lane];
                    if (sum > share)
                        return i + lane;
                }
            }
            return columns - 1;
        }
    }
}
