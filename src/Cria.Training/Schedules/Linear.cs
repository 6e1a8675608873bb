namespace Cria.Training.Schedules;

/// <summary>
/// A straight line from the peak down to the minimum at the last step. Best for many optimizers when it ends at zero:
/// Defazio et al. 2023, "When, Why and How Much? Adaptive Learning Rate Scheduling by Refinement".
/// </summary>
sealed class Linear(float peak, float minimum, Warmup warmup) : ISchedule
{
    public float LearningRate(int step, StepPlan plan)
    {
        double u = plan.Progress(step, warmup.Steps);
        return warmup.Apply(step, peak, minimum + (peak - minimum) * (1 - u), u);
    }
}

public sealed record LinearRecipe : DecayingScheduleRecipe
{
    public override string Type => "linear";

    public override ISchedule Create(float peak) => new Linear(peak, Minimum(peak), Warmup);
}
