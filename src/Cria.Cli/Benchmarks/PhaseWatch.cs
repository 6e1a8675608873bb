using Cria.Training;

namespace Cria.Cli.Benchmarks;

/// <summary>What the phases of a run took between the ends of two of its steps, by the run's own clock.</summary>
/// <param name="clock">The run's.</param>
/// <param name="first">The step after which the time counts.</param>
/// <param name="last">The step with which it ends.</param>
sealed class PhaseWatch(PhaseClock clock, int first, int last) : IObserver
{
    readonly double[] _seconds = new double[(int)Phase.Count];

    public int First => first;

    public int Last => last;

    public int Steps => last - first;

    /// <summary>Of one phase, once the last step is done.</summary>
    public double Seconds(Phase phase) => _seconds[(int)phase];

    public void Stepped(StepMetrics metrics)
    {
        int sign = metrics.Step == first ? -1 : metrics.Step == last ? 1 : 0;
        for (int phase = 0; sign != 0 && phase < _seconds.Length; phase++)
            _seconds[phase] += sign * clock.Seconds((Phase)phase);
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
    }

    public void Saved(string folder, int step)
    {
    }
}
