namespace Cria.Training.Schedules;

/// <summary>
/// The first steps of every schedule but one-cycle: linear up to the peak. Adam's second moments are poor estimates at first,
/// and large steps along them are what warm-up prevents. Goyal et al. 2017, "Accurate, Large Minibatch SGD".
/// </summary>
/// <param name="Steps">How long; 0 begins at the peak.</param>
/// <param name="From">The share of the peak that the first step has; the peak is reached at step <paramref name="Steps"/>, counted
/// from 0. Null begins at 1 / <paramref name="Steps"/>, and the last step of the warm-up has the peak.</param>
readonly record struct Warmup(int Steps, float? From = null)
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Counted from 0.</param>
    /// <param name="peak">What the warm-up leads to.</param>
    /// <param name="rate">What the schedule says after the warm-up.</param>
    /// <param name="progress">Of its descent: above 0 within the warm-up where a run of measured time turns out shorter than that.</param>
    public float Apply(int step, float peak, double rate, double progress = 0)
    {
        if (step >= Steps)
            return (float)rate;
        float top = progress > 0 ? (float)rate : peak;
        return From is { } from
            ? (float)(top * (from + (1 - (double)from) * step / Steps))
            : top * (step + 1) / Steps;
    }
}
