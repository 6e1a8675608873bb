using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training.Averaging;

/// <summary>
/// The plain mean of the samples of the latest whole window; windows follow one another. Izmailov et al. 2018, "Averaging Weights
/// Leads to Wider Optima and Better Generalization" (SWA).
/// </summary>
sealed class WindowMean : IAverager
{
    readonly FlatBlocks _memory;
    readonly ParameterStore _store;
    readonly Samples _samples;
    readonly int _perWindow;
    int _taken;

    /// <param name="name">What metrics call it.</param>
    /// <param name="store">Allocated.</param>
    /// <param name="start">The step after which the first sample is taken.</param>
    /// <param name="interval">Steps from one sample to the next.</param>
    /// <param name="window">Samples of a window.</param>
    public WindowMean(string name, ParameterStore store, int start, int interval, int window)
    {
        (Name, _store, _samples, _perWindow) = (name, store, new(start, interval), window);
        _memory = new(store, 2);
    }

    public string Name { get; }

    public bool Exists => _taken >= _perWindow;

    public IReadOnlyList<(string Name, Tensor State)> Slots => [("running", Running), ("whole", Whole)];

    Tensor Running => _memory.Blocks[0];

    Tensor Whole => _memory.Blocks[1];

    public void Observe(IKernels kernels, int step)
    {
        if (!_samples.Has(step))
            return;
        _taken = _samples.CountAt(step);
        int inWindow = (_taken - 1) % _perWindow + 1;
        _memory.Fold(kernels, Running, _store.Weights, 1.0 / inWindow);
        if (inWindow == _perWindow)
            Running.CopyTo(Whole);
    }

    public void Resume(int step) => _taken = _samples.CountAt(step);

    public void Write(IKernels kernels, Tensor destination) => Whole.CopyTo(destination);

    public void Dispose() => _memory.Dispose();
}

public sealed record WindowRecipe : AverageRecipe
{
    /// <summary>Steps of a window, a multiple of the interval.</summary>
    public int Horizon { get; init; } = 500;

    protected override string Kind => "window";

    public override long StateBytes(ParameterStore store) => FlatBlocks.Bytes(store, 2);

    internal override IAverager Create(ParameterStore store, AveragingPlace place) =>
        new WindowMean(Label, store, StartAt(place), Interval, Horizon / Interval);

    public override int StepsToFirst(int warmupSteps) => base.StepsToFirst(warmupSteps) + Horizon - Interval;

    public override void Check()
    {
        base.Check();
        if (Horizon < Interval || Horizon % Interval != 0)
            throw new ConfigException($"average.horizon {Horizon} is not a multiple of average.interval {Interval}; the nearest is " +
                $"{Math.Max(1, (Horizon + Interval / 2) / Interval) * Interval}.");
    }
}
