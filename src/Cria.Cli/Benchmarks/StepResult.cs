namespace Cria.Cli.Benchmarks;

/// <summary>What <c>cria bench step --json</c> prints; the scripts of <c>bench/peers</c> print the same names.</summary>
/// <param name="TokensPerSecond">From the median step.</param>
/// <param name="FlopsPerToken">By <paramref name="FlopsFormula"/>.</param>
/// <param name="MatmulPeakGflops">The best rate of any product of this step, ours or a library's, between the steps.</param>
/// <param name="FmaPeakGflops">Multiply-adds of registers alone, between the steps.</param>
/// <param name="PeakMemoryBytes">The most that was resident after the first steps, which allocate all there is.</param>
/// <param name="StepMilliseconds">The median step.</param>
/// <param name="Overhead">What the threads cost each other.</param>
/// <param name="Steps">How many were timed.</param>
public sealed record StepResult(
    double TokensPerSecond, long Parameters, int TokensPerStep, long FlopsPerToken, string FlopsFormula, double MatmulPeakGflops,
    double FmaPeakGflops, double ShareOfMatmulPeak, double ShareOfFmaPeak, long PeakMemoryBytes,
    long PredictedBytes, long AllocatedBytesPerStep,
    double StepMilliseconds, int Steps, int Threads, string Kernels, string Recipe, StepOverhead Overhead, StepProfile? Profile);
