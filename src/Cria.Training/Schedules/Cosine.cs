namespace Cria.Training.Schedules;

/// <summary>
/// Linear from 0 to the peak over the warm-up, then half a cosine down to the minimum at the last step. Loshchilov and
/// Hutter 2017, "SGDR", without restarts.
/// </summary>
public sealed class Cosine(float peak, float minimum, int warmupSteps, int steps) : ISchedule
{
    public float LearningRate(int step)
    {
        if (step < warmupSteps)
            return peak * (step + 1) / warmupSteps;
        double progress = Math.Min(1, (step - warmupSteps) / (double)Math.Max(1, steps - 1 - warmupSteps));
        return (float)(minimum + (peak - minimum) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
