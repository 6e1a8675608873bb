namespace Cria.Training.Schedules;

/// <summary>
/// The peak times √(warm-up / t) at step t counted from 1: it needs no last step, and never ends. Vaswani et al. 2017,
/// "Attention Is All You Need", section 5.3.
/// </summary>
sealed class InverseSquareRoot(float peak, float minimum, Warmup warmup) : ISchedule
{
    public float LearningRate(int step, StepPlan plan) =>
        warmup.Apply(step, peak, Math.Max(minimum, peak * Math.Sqrt(Math.Max(1, warmup.Steps) / (step + 1.0))));
}

public sealed record InverseSqrtRecipe : DecayingScheduleRecipe
{
    public override string Type => "inverse_sqrt";

    public override ISchedule Create(float peak) => new InverseSquareRoot(peak, Minimum(peak), Warmup);
}
