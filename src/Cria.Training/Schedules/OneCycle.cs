using Cria.Models;

namespace Cria.Training.Schedules;

/// <summary>
/// Half a cosine from the peak / start divisor up to the peak at the last step of the warm-up, then half a cosine down to the
/// start / final divisor at the last step. Smith and Topin 2017, "Super-Convergence", without the cycle of momentum, as
/// PyTorch's OneCycleLR with three_phase off computes it.
/// </summary>
sealed class OneCycle(float peak, float start, float end, int warmupSteps) : ISchedule
{
    public float LearningRate(int step, StepPlan plan)
    {
        int top = Math.Max(0, warmupSteps - 1);
        double u = plan.Progress(step, top), fallen = Annealed(peak, end, u);
        return (float)(step < top ? Annealed(start, peak, (double)step / top) * (fallen / peak) : fallen);
    }

    static double Annealed(double from, double to, double u) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * u));
}

public sealed record OneCycleRecipe : ScheduleRecipe
{
    public override string Type => "one_cycle";

    /// <summary>The first step has the peak / this.</summary>
    public float StartDivisor { get; init; } = 25;

    /// <summary>The last step has the first one's rate / this.</summary>
    public float FinalDivisor { get; init; } = 1e4f;

    public override ISchedule Create(float peak) =>
        new OneCycle(peak, peak / StartDivisor, peak / StartDivisor / FinalDivisor, WarmupSteps);

    public override void Validate(float peak)
    {
        base.Validate(peak);
        if (!(StartDivisor >= 1 && FinalDivisor > 0 && StartDivisor * FinalDivisor >= 1 && float.IsFinite(StartDivisor * FinalDivisor)))
            throw new ConfigException($"schedule.start_divisor {StartDivisor} and final_divisor {FinalDivisor} do not lead up to the peak and down again; " +
                "the first must be at least 1, and so must their product; 25 and 1e4 are usual.");
    }
}
