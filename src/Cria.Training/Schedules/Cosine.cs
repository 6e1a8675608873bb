namespace Cria.Training.Schedules;

/// <summary>
/// Half a cosine from the peak down to the minimum at the last step. Loshchilov and Hutter 2017, "SGDR", without restarts.
/// </summary>
sealed class Cosine(float peak, float minimum, Warmup warmup) : ISchedule
{
    public float LearningRate(int step, StepPlan plan)
    {
        double u = plan.Progress(step, warmup.Steps);
        return warmup.Apply(step, peak, minimum + (peak - minimum) * 0.5 * (1 + Math.Cos(Math.PI * u)), u);
    }
}

public sealed record CosineRecipe : DecayingScheduleRecipe
{
    public override string Type => "cosine";

    public override ISchedule Create(float peak) => new Cosine(peak, Minimum(peak), Warmup);
}
