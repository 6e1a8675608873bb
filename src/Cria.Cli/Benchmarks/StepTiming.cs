using System.Diagnostics;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Evaluation.Statistics;
using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// The steps of one recipe on so many threads, timed, with the machine's ceilings measured between them: both see the same machine.
/// </summary>
sealed class StepTiming : IDisposable
{
    const int CeilingsInARun = 3, WarmSteps = 2;
    const double SecondsForEachProduct = 0.03;

    readonly Recipe _recipe;
    readonly int _threads, _steps;
    readonly WorkerPool _pool;
    readonly IKernels _kernels;
    readonly PlannedTeachers _teachers;
    readonly StepBench _bench;
    readonly MatMulBench _products;
    readonly IReadOnlyList<MatMulShape> _shapes;
    readonly List<double> _times = [];
    double _matmulPeak, _fmaPeak;
    long _allocated, _loops, _wakeups, _peakMemory;

    /// <param name="steps">How many will be taken; 0 for as many as take a few seconds.</param>
    /// <param name="isCold">Time the first steps too, which bring memory and code.</param>
    public StepTiming(Recipe recipe, int threads, int steps, bool profile, IReadOnlyList<BlasLibrary> libraries, bool isCold = false)
    {
        _teachers = new(recipe);
        recipe = _teachers.Recipe.WithVocabulary();
        _teachers.Randomize(recipe.Seed + 1);
        (_recipe, _threads, _pool) = (recipe, threads, new(threads));
        _kernels = KernelChoice.Best(_pool);
        _bench = new(recipe, _kernels, _teachers.Models);
        _products = new(_kernels, threads, libraries);
        _shapes = MatMulShape.OfStep(recipe);
        _steps = steps > 0 ? steps : Math.Clamp((int)(2e12 / (_bench.FlopsPerToken * _bench.TokensPerStep)), 5, 200);
        for (int i = 0; i < WarmSteps && !isCold; i++)
            _bench.Step();
        if (profile)
            _bench.Profile();
    }

    public int Steps => _steps;

    public Plan Plan => _bench.Plan;

    /// <summary>The next step, and now and then the ceilings.</summary>
    public void Take()
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        long loops = _pool.SharedLoops, wakeups = _pool.Wakeups;
        _times.Add(_bench.Step());
        _loops += _pool.SharedLoops - loops;
        _wakeups += _pool.Wakeups - wakeups;
        _allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
        if (_times.Count == 1) // before the ceilings are measured, which takes memory of its own
            _peakMemory = PeakMemory();
        if ((_times.Count - 1) % ((_steps + CeilingsInARun - 1) / CeilingsInARun) != 0)
            return;
        _matmulPeak = Math.Max(_matmulPeak, _products.Peak(_shapes, SecondsForEachProduct));
        _fmaPeak = Math.Max(_fmaPeak, Ceiling.FmaGflops(_threads));
    }

    public StepResult Result()
    {
        double seconds = Sample.Median(_times), rate = _bench.TokensPerStep / seconds, gflops = rate * _bench.FlopsPerToken / 1e9;
        return new(rate, _bench.Parameters, _bench.TokensPerStep, _bench.FlopsPerToken, Results.RunRecording.FlopsFormula,
            _matmulPeak, _fmaPeak, gflops / _matmulPeak, gflops / _fmaPeak,
            _peakMemory, _bench.Memory.Total, _allocated / _times.Count, seconds * 1000,
            _times.Count, _threads, _kernels.Name, _recipe.Name,
            StepOverhead.Of(_pool, (double)_loops / _times.Count, (double)_wakeups / _times.Count), Profile());
    }

    public void Dispose()
    {
        _bench.Dispose();
        _teachers.Dispose();
        (_kernels as IDisposable)?.Dispose();
        _pool.Dispose();
    }

    static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    StepProfile? Profile() => Plan.ProfileTicks is null ? null
        : StepProfile.Of(Plan, _times.Count, _times.Average(), _bench.ClipSeconds / _times.Count, _bench.UpdateSeconds / _times.Count);
}
