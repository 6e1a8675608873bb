using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Cli.Benchmarks;

/// <summary>What the machine could do at most.</summary>
static class Ceiling
{
    /// <summary>One is a fraction of a millisecond; the best of many is the machine's, not a neighbour's.</summary>
    const int Tries = 50;

    /// <summary>Multiply-adds of registers alone on so many threads, in GFLOP/s.</summary>
    public static double FmaGflops(int threads)
    {
        using var pool = new WorkerPool(threads);
        double best = 0;
        for (int i = 0; i < Tries; i++)
            best = Math.Max(best, MachinePeak.FmaGflops(pool));
        return best;
    }
}
