using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training.Averaging;

/// <summary>
/// LAWA: the mean of the last n samples, which it keeps apart. Kaddour 2022, "Stop Wasting My Time! Saving Days of ImageNet and
/// BERT Training with Latest Weight Averaging".
/// </summary>
sealed class LatestWeights : IAverager
{
    readonly FlatBlocks _memory;
    readonly ParameterStore _store;
    readonly Samples _samples;
    int _taken;

    /// <param name="name">What metrics call it.</param>
    /// <param name="store">Allocated.</param>
    /// <param name="start">The step after which the first sample is taken.</param>
    /// <param name="interval">Steps from one sample to the next.</param>
    /// <param name="count">How many of the last samples.</param>
    public LatestWeights(string name, ParameterStore store, int start, int interval, int count)
    {
        (Name, _store, _samples) = (name, store, new(start, interval));
        _memory = new(store, count);
        Slots = [.. _memory.Blocks.Select((block, i) => ($"sample_{i}", block))];
    }

    public string Name { get; }

    public bool Exists => _taken > 0;

    /// <summary>A ring: sample n lies in slot n modulo their number.</summary>
    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    public void Observe(IKernels kernels, int step)
    {
        if (!_samples.Has(step))
            return;
        _taken = _samples.CountAt(step);
        _store.Weights.CopyTo(Sample(_taken - 1));
    }

    public void Resume(int step) => _taken = _samples.CountAt(step);

    public void Write(IKernels kernels, Tensor destination)
    {
        int count = Math.Min(_taken, _memory.Blocks.Count);
        for (int i = 0; i < count; i++) // the oldest first
            _memory.Fold(kernels, destination, Sample(_taken - count + i), 1.0 / (i + 1));
    }

    public void Dispose() => _memory.Dispose();

    Tensor Sample(int number) => _memory.Blocks[number % _memory.Blocks.Count];
}

public sealed record LawaRecipe : AverageRecipe
{
    /// <summary>n; each costs the memory of the weights once.</summary>
    public int Count { get; init; } = 5;

    protected override string Kind => "lawa";

    public override long StateBytes(ParameterStore store) => FlatBlocks.Bytes(store, Count);

    internal override IAverager Create(ParameterStore store, AveragingPlace place) =>
        new LatestWeights(Label, store, StartAt(place), Interval, Count);

    public override void Check()
    {
        base.Check();
        if (Count is < 2 or > 100)
            throw new ConfigException($"average.count {Count} does not lie between 2 and 100 samples.");
    }
}
