using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Cli.Benchmarks;

/// <summary>What the machine could do at most.</summary>
static class Ceiling
{
    /// <summary>Multiply-adds of registers alone on so many threads, in GFLOP/s.</summary>
    public static double FmaGflops(int threads)
    {
        using var pool = new WorkerPool(threads);
        return MachinePeak.FmaGflops(pool);
    }
}
