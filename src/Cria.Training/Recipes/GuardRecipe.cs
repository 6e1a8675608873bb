using System.Globalization;
using Cria.Models;

namespace Cria.Training.Recipes;

/// <summary>
/// What a run does about numbers that are wrong. None of this changes a run in which nothing goes wrong, so a run may be
/// resumed with another guard.
/// </summary>
public sealed record GuardRecipe
{
    /// <summary>Steps in a row without an update before the run goes back to its last good state.</summary>
    public int MaxSkipped { get; init; } = 20;

    /// <summary>How often a run may go back; 0 ends it instead.</summary>
    public int MaxRollbacks { get; init; } = 3;

    public SpikeRecipe Spike { get; init; } = new();

    /// <exception cref="ConfigException">A value is out of its range; the message names it and the remedy.</exception>
    public void Validate()
    {
        if (MaxSkipped < 1)
            throw new ConfigException($"guard.max_skipped {MaxSkipped} is less than 1, the smallest it can be.");
        if (MaxRollbacks < 0)
            throw new ConfigException($"guard.max_rollbacks {MaxRollbacks} is less than 0, the smallest it can be.");
        if (Spike.Window is not 0 and (< SpikeRecipe.SmallestWindow or > SpikeRecipe.LargestWindow))
            throw new ConfigException($"guard.spike.window {Spike.Window} does not lie between {SpikeRecipe.SmallestWindow} and " +
                $"{SpikeRecipe.LargestWindow}; 0 looks for no spikes.");
        if (!(Spike.Threshold > 0 && double.IsFinite(Spike.Threshold)))
            throw new ConfigException(string.Create(CultureInfo.InvariantCulture,
                $"guard.spike.threshold {Spike.Threshold} is not above 0; 6 is usual."));
    }
}

/// <summary>
/// A loss is a spike when it stands so many robust standard deviations above the median of those before it. The scatter is
/// 1.4826 × the median distance from the median, which for a normal distribution is the standard deviation, and which a
/// few wild losses do not move; it is taken for 1 % of the median at least.
/// </summary>
public sealed record SpikeRecipe
{
    public const int SmallestWindow = 8, LargestWindow = 4096;

    /// <summary>How many losses before a step say what is to be expected; 0 looks for no spikes.</summary>
    public int Window { get; init; } = 64;

    /// <summary>Robust standard deviations.</summary>
    public double Threshold { get; init; } = 6;

    public SpikeAction Action { get; init; }
}

/// <summary>What is done about a spike.</summary>
public enum SpikeAction
{
    /// <summary>It is recorded.</summary>
    Tell,

    /// <summary>The step makes no update.</summary>
    Skip,

    /// <summary>The run goes back to its last good state and on past the samples since.</summary>
    RollBack,
}
