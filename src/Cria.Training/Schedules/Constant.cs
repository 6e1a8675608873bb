namespace Cria.Training.Schedules;

/// <summary>
/// The peak from the end of the warm-up on. What Schedule-Free optimizers want, which average instead of descending: Defazio et
/// al. 2024, "The Road Less Scheduled".
/// </summary>
sealed class Constant(float peak, Warmup warmup) : ISchedule
{
    public float LearningRate(int step, StepPlan plan) => warmup.Apply(step, peak, peak);
}

public sealed record ConstantRecipe : WarmedScheduleRecipe
{
    public override string Type => "constant";

    public override ISchedule Create(float peak) => new Constant(peak, Warmup);
}
