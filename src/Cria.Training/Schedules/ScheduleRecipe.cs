using Cria.Models;

namespace Cria.Training.Schedules;

/// <summary>How the learning rate goes on from step to step; which of its kinds it is, <c>schedule.type</c> says.</summary>
public abstract record ScheduleRecipe
{
    /// <summary>Its name in recipes: <c>cosine</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Steps of the way up to the peak, which is the optimizer's learning rate.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <param name="peak">The optimizer's learning rate.</param>
    public abstract ISchedule Create(float peak);

    /// <summary>The ranges of its values.</summary>
    /// <exception cref="ConfigException">A value is out of its range; the message names it and the remedy.</exception>
    public virtual void Validate(float peak)
    {
        if (WarmupSteps < 0)
            throw new ConfigException($"schedule.warmup_steps {WarmupSteps} is less than 0.");
    }
}

/// <summary>A schedule that warms up on a straight line.</summary>
public abstract record WarmedScheduleRecipe : ScheduleRecipe
{
    /// <summary>The share of the peak that the first step has; null begins at 1 / warmup_steps.</summary>
    public float? WarmupFrom { get; init; }

    private protected Warmup Warmup => new(WarmupSteps, WarmupFrom);

    public override void Validate(float peak)
    {
        base.Validate(peak);
        if (WarmupFrom is { } from && !(from is >= 0 and <= 1))
            throw new ConfigException($"schedule.warmup_from {from} does not lie between 0 and 1; it is a share of the peak.");
    }
}

/// <summary>A schedule that goes down to a minimum.</summary>
public abstract record DecayingScheduleRecipe : WarmedScheduleRecipe
{
    /// <summary>Where it ends.</summary>
    public float MinLearningRate { get; init; }

    /// <summary>Where it ends, as a share of the peak; in the place of <see cref="MinLearningRate"/>.</summary>
    public float MinFraction { get; init; }

    public float Minimum(float peak) => MinFraction > 0 ? MinFraction * peak : MinLearningRate;

    public override void Validate(float peak)
    {
        base.Validate(peak);
        if (MinLearningRate != 0 && MinFraction != 0)
            throw new ConfigException($"schedule.min_learning_rate {MinLearningRate} and schedule.min_fraction {MinFraction} say the same thing twice; leave one out.");
        if (!(MinLearningRate >= 0 && MinLearningRate <= peak))
            throw new ConfigException($"schedule.min_learning_rate {MinLearningRate} does not lie between 0 and optimizer.learning_rate {peak}.");
        if (!(MinFraction is >= 0 and <= 1))
            throw new ConfigException($"schedule.min_fraction {MinFraction} does not lie between 0 and 1; it is a share of optimizer.learning_rate.");
    }
}
