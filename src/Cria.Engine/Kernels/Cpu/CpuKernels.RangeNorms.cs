using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void RangeNorms(Tensor norms, Tensor values, Tensor minus, Tensor starts)
    {
        int ranges = checked((int)norms.Length);
        Debug.Assert(starts.Length == ranges + 1 && (minus.IsNothing || minus.Length == values.Length));
        int* bounds = Integers(starts);
        int blocks = 0;
        for (int range = 0; range < ranges; range++)
            blocks += BlocksOf(bounds, range);
        double* partial = (double*)Scratch(NormFloats(values.Length, ranges));
        var work = new RangeSumWork(partial, Floats(values), minus.IsNothing ? null : Floats(minus), bounds);
        _pool.For(blocks, ref work);
        float* results = Floats(norms);
        for (int range = 0, block = 0; range < ranges; range++)
        {
            double sum = 0;
            for (int end = block + BlocksOf(bounds, range); block < end; block++)
                sum += partial[block];
            results[range] = (float)Math.Sqrt(sum);
        }
    }

    /// <summary>Blocks begin where their range does, so that a range's norm depends on nothing beside it.</summary>
    static int BlocksOf(int* bounds, int range) => (int)(((long)bounds[range + 1] - bounds[range] + NormBlock - 1) / NormBlock);

    readonly struct RangeSumWork(double* partial, float* values, float* minus, int* bounds) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            int range = 0, first = 0; // the range of a block, and that range's first block
            for (int block = start; block < end; block++)
            {
                for (int count = BlocksOf(bounds, range); block >= first + count; count = BlocksOf(bounds, range))
                {
                    first += count;
                    range++;
                }
                long at = bounds[range] + (long)(block - first) * NormBlock;
                int length = (int)Math.Min(NormBlock, bounds[range + 1] - at);
                partial[block] = minus is null ? BlockSum(values + at, length) : BlockSum(values + at, minus + at, length);
            }
        }
    }

    // The difference of a run, not the difference of sums: an update is thousands of times smaller than the weights.
    static double BlockSum(float* values, float* minus, int count)
    {
        double total = 0;
        for (int run = 0; run < count; run += NormRun)
        {
            V sum = S.Zero;
            int end = Math.Min(count, run + NormRun), i = run;
            for (; i <= end - S.Width; i += S.Width)
            {
                V difference = S.Subtract(S.Load(values + i), S.Load(minus + i));
                sum = S.MulAdd(difference, difference, sum);
            }
            total += S.Sum(sum);
            for (; i < end; i++)
                total += ((double)values[i] - minus[i]) * ((double)values[i] - minus[i]);
        }
        return double.IsFinite(total) ? total : SquareSum(values, minus, count);
    }

    static double SquareSum(float* values, float* minus, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += ((double)values[i] - minus[i]) * ((double)values[i] - minus[i]);
        return sum;
    }
}
