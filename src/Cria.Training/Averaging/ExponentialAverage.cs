using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training.Averaging;

/// <summary>
/// EMA: weights dⁿ for a sample n samples old, made to sum to one, so that the first sample weighs no more than its age allows:
/// a ← a + (1 − d) / (1 − dⁿ) · (w − a) at the n-th sample. Polyak and Juditsky 1992; for language models: Sandler et al. 2023,
/// "Training trajectories, mini-batch losses and the curious role of the learning rate".
/// </summary>
sealed class ExponentialAverage : IAverager
{
    readonly FlatBlocks _memory;
    readonly ParameterStore _store;
    readonly Samples _samples;
    readonly double _decay;
    int _taken;

    /// <param name="name">What metrics call it.</param>
    /// <param name="store">Allocated.</param>
    /// <param name="decay">d, from one sample to the next.</param>
    /// <param name="start">The step after which the first sample is taken.</param>
    /// <param name="interval">Steps from one sample to the next.</param>
    public ExponentialAverage(string name, ParameterStore store, double decay, int start, int interval)
    {
        (Name, _store, _decay, _samples) = (name, store, decay, new(start, interval));
        _memory = new(store, 1);
    }

    public string Name { get; }

    public bool Exists => _taken > 0;

    public IReadOnlyList<(string Name, Tensor State)> Slots => [("average", _memory.Blocks[0])];

    public void Observe(IKernels kernels, int step)
    {
        if (!_samples.Has(step))
            return;
        _taken = _samples.CountAt(step);
        _memory.Fold(kernels, _memory.Blocks[0], _store.Weights, _taken == 1 ? 1 : (1 - _decay) / (1 - Math.Pow(_decay, _taken)));
    }

    public void Resume(int step) => _taken = _samples.CountAt(step);

    public void Write(IKernels kernels, Tensor destination) => _memory.Blocks[0].CopyTo(destination);

    public void Dispose() => _memory.Dispose();
}

public sealed record EmaRecipe : AverageRecipe
{
    /// <summary>d of one sample to the next.</summary>
    public double Decay { get; init; } = 0.999;

    /// <summary>Tokens after which a sample's weight has halved; in the place of <see cref="Decay"/>.</summary>
    public long? HalfLifeTokens { get; init; }

    /// <summary>Steps after which a sample's weight has halved; in the place of <see cref="Decay"/>.</summary>
    public int? HalfLifeSteps { get; init; }

    protected override string Kind => "ema";

    public override long StateBytes(ParameterStore store) => FlatBlocks.Bytes(store, 1);

    internal override IAverager Create(ParameterStore store, AveragingPlace place) =>
        new ExponentialAverage(Label, store, DecayAt(place.TokensPerStep), StartAt(place), Interval);

    /// <summary>d of one sample to the next, for steps of so many tokens.</summary>
    public double DecayAt(long tokensPerStep) =>
        HalfLifeTokens is { } tokens ? Math.Pow(2, -(double)Interval * tokensPerStep / tokens)
        : HalfLifeSteps is { } steps ? Math.Pow(2, -(double)Interval / steps)
        : Decay;

    public override void Check()
    {
        base.Check();
        if (HalfLifeTokens is not null && HalfLifeSteps is not null)
            throw new ConfigException("average.half_life_tokens and average.half_life_steps say the same thing twice; leave one out.");
        if (HalfLifeTokens is < 1 || HalfLifeSteps is < 1)
            throw new ConfigException($"average.half_life {HalfLifeTokens ?? HalfLifeSteps} is less than 1.");
        if (!(Decay is > 0 and < 1))
            throw new ConfigException($"average.decay {Decay} does not lie between 0 and 1; 0.999 is usual.");
    }
}
