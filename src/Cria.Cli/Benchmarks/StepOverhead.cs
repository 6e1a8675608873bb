using System.Diagnostics;
using Cria.Engine.Kernels.Cpu;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// What sharing the loops of a step costs at least: how often threads are told to start, times what a loop without work takes in
/// the same process. What is lost because one thread has more to do than another is not in it, nor are loops of one thread.
/// </summary>
/// <param name="LoopsPerStep">Loops that were shared among the threads.</param>
/// <param name="WakeupsPerStep">Of the threads told to start, those that slept because no loop had come for some microseconds.</param>
/// <param name="LoopMicroseconds">A loop without work, all threads awake.</param>
/// <param name="WakeupMicroseconds">A loop without work, the others asleep.</param>
public sealed record StepOverhead(double LoopsPerStep, double WakeupsPerStep, double LoopMicroseconds, double WakeupMicroseconds)
{
    public double MillisecondsPerStep => (LoopsPerStep * LoopMicroseconds + WakeupsPerStep * WakeupMicroseconds) / 1000;

    public static StepOverhead Of(WorkerPool pool, double loops, double wakeups) =>
        new(loops, wakeups, LoopSeconds(pool) * 1e6, pool.Threads == 1 ? 0 : WakeupSeconds(pool) * 1e6);

    /// <summary>Seconds from the start of a loop without work to its end, when loops follow each other.</summary>
    public static double LoopSeconds(WorkerPool pool)
    {
        const int Loops = 2000;
        var nothing = new Nothing();
        var times = new List<double>();
        for (int round = 0; round < 9; round++)
        {
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < Loops; i++)
                pool.For(pool.Threads, ref nothing);
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds / Loops);
        }
        return Sample.Median(times);
    }

    /// <summary>As <see cref="LoopSeconds"/>, when the workers have gone to sleep.</summary>
    public static double WakeupSeconds(WorkerPool pool)
    {
        var nothing = new Nothing();
        var times = new List<double>();
        for (int round = 0; round < 31; round++)
        {
            Thread.Sleep(1);
            long before = Stopwatch.GetTimestamp();
            pool.For(pool.Threads, ref nothing);
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        return Sample.Median(times);
    }

    readonly struct Nothing : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
        }
    }
}
