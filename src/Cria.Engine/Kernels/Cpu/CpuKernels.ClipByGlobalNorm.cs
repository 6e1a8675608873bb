using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>Elements whose squares are summed in float before they join a double.</summary>
    const int NormRun = 1024;

    /// <summary>Elements of one partial sum: fixed, so that the norm does not depend on threads.</summary>
    const int NormBlock = 16 * NormRun;

    public void ClipByGlobalNorm(Tensor scalars, Tensor gradients, float maxNorm)
    {
        Debug.Assert(scalars.Length > (int)StepScalar.ClipFactor);
        long length = gradients.Length;
        int blocks = checked((int)((length + NormBlock - 1) / NormBlock));
        double* partial = (double*)Scratch(NormFloats(length));
        var work = new SquareSumWork(partial, Floats(gradients), length);
        _pool.For(blocks, ref work);
        double sum = 0;
        for (int block = 0; block < blocks; block++)
            sum += partial[block];
        double norm = Math.Sqrt(sum);
        float* values = Floats(scalars);
        values[(int)StepScalar.GradientNorm] = (float)norm;
        values[(int)StepScalar.ClipFactor] =
            !float.IsFinite((float)norm) ? 0 : maxNorm > 0 && norm > maxNorm ? (float)(maxNorm / norm) : 1;
    }

    /// <summary>A double for each block; every range but the first may begin one more.</summary>
    static long NormFloats(long length, int ranges = 0) => 2 * Math.Max(1, (length + NormBlock - 1) / NormBlock + ranges);

    readonly struct SquareSumWork(double* partial, float* values, long length) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int block = start; block < end; block++)
            {
                long first = (long)block * NormBlock;
                int count = (int)Math.Min(NormBlock, length - first);
                partial[block] = BlockSum(values + first, count);
            }
        }
    }

    static double BlockSum(float* values, int count)
    {
        double sum = 0;
        for (int run = 0; run < count; run += NormRun)
            sum += Dot(values + run, values + run, Math.Min(NormRun, count - run));
        // squares of finite floats can overflow in float, not in double
        return double.IsFinite(sum) ? sum : SquareSum(values, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static double SquareSum(float* values, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += (double)values[i] * values[i];
        return sum;
    }
}
