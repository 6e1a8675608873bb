using Cria.Data.Sampling;
using Cria.Engine.Kernels;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Checkpoints;

namespace Cria.Training;

/// <summary>What a trainer needs besides the recipe. The caller owns everything here.</summary>
/// <param name="Model">Allocated with gradients.</param>
/// <param name="Data">Training samples.</param>
/// <param name="Validation">The fixed set, or null.</param>
/// <param name="Kernels">The backend.</param>
/// <param name="Checkpoints">Where to save, or null.</param>
/// <param name="Metrics">metrics.jsonl, or null.</param>
/// <param name="Observers">Who looks on.</param>
public sealed record TrainerParts(
    ILanguageModel Model,
    ISampleReader Data,
    Validation? Validation,
    IKernels Kernels,
    CheckpointFolder? Checkpoints = null,
    MetricsLog? Metrics = null,
    params IReadOnlyList<IObserver> Observers)
{
    /// <summary>What stands where the recipe's loss says; none for most.</summary>
    public IReadOnlyList<ILanguageModel> Teachers { get; init; } = [];

    /// <summary>What they said beforehand, where the recipe's loss reads it from a file.</summary>
    public ITaughtSamples? Taught { get; init; }

    /// <summary>The clock of a run that ends at a time; a test has its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The estimates of an earlier run's last step, which are followed in the place of the clock; null where the clock or the
    /// recipe says when the run ends.</summary>
    public IReadOnlyList<StepEstimate>? Estimates { get; init; }

    /// <summary>A loss of one's own, in the place of the recipe's.</summary>
    public IGradientSource? Gradients { get; init; }
}
