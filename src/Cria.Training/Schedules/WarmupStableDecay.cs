using Cria.Models;

namespace Cria.Training.Schedules;

/// <summary>
/// The peak for most of the run, then a descent over the last part of it, in one of several shapes. Where the run ends need
/// not be known before the descent begins. Hu et al. 2024, "MiniCPM"; the shapes: Hägele et al. 2024, "Scaling Laws and
/// Compute-Optimal Training Beyond Fixed Training Durations".
/// </summary>
sealed class WarmupStableDecay(float peak, float minimum, Warmup warmup, float decayFraction, DecayShape shape) : ISchedule
{
    public float LearningRate(int step, StepPlan plan)
    {
        double u = plan.Progress(step, warmup.Steps, decayFraction);
        return warmup.Apply(step, peak, u == 0 ? peak : Rate(u), u);
    }

    double Rate(double u)
    {
        double cosine = 0.5 * (1 + Math.Cos(Math.PI * u));
        return shape switch
        {
            DecayShape.Linear => Between(1 - u),
            DecayShape.Cosine => Between(cosine),
            DecayShape.Sqrt => Between(1 - Math.Sqrt(u)),
            DecayShape.Square => Between(1 - u * u),
            DecayShape.Exponential => peak * Math.Pow((double)minimum / peak, u),
            _ => Between(2 * (1 - u) - cosine),
        };
    }

    double Between(double height) => minimum + ((double)peak - minimum) * height;
}

/// <summary>How a descent runs from 1 to 0 while u goes from 0 to 1.</summary>
public enum DecayShape
{
    /// <summary>1 − √u: steep at once, gentle at the end; the best of them in Hägele et al. 2024.</summary>
    Sqrt,

    /// <summary>1 − u</summary>
    Linear,

    /// <summary>(1 + cos πu) / 2</summary>
    Cosine,

    /// <summary>1 − u²: gentle at first, steep at the end</summary>
    Square,

    /// <summary>(minimum / peak)^u of the peak; the minimum must be above 0.</summary>
    Exponential,

    /// <summary>2 (1 − u) − (1 + cos πu) / 2: the cosine mirrored at the straight line</summary>
    MirrorCosine,
}

public sealed record WsdRecipe : DecayingScheduleRecipe
{
    public override string Type => "wsd";

    /// <summary>The share of all steps, at their end, in which the rate descends.</summary>
    public float DecayFraction { get; init; } = 0.2f;

    public DecayShape DecayShape { get; init; }

    public override ISchedule Create(float peak) => new WarmupStableDecay(peak, Minimum(peak), Warmup, DecayFraction, DecayShape);

    public override void Validate(float peak)
    {
        base.Validate(peak);
        if (!(DecayFraction is > 0 and <= 1))
            throw new ConfigException($"schedule.decay_fraction {DecayFraction} does not lie above 0 and up to 1; 0.2 is usual.");
        if (DecayShape == DecayShape.Exponential && Minimum(peak) == 0)
            throw new ConfigException("schedule.decay_shape exponential never reaches 0; give schedule.min_fraction, for example 0.01.");
    }
}
