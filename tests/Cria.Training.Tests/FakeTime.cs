using Cria.Training.Observation;

namespace Cria.Training.Tests;

/// <summary>A clock that all but stands still until it is told otherwise; as an observer it tells itself so many seconds a step.</summary>
sealed class FakeTime(double secondsPerStep = 0) : TimeProvider, IObserver
{
    long _now;

    public List<Replanned> Plans { get; } = [];

    public Action<int>? AfterStep { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ++_now;

    public void Advance(double seconds) => _now += (long)Math.Round(seconds * TimeSpan.TicksPerSecond);

    public void Stepped(StepMetrics metrics)
    {
        Advance(secondsPerStep);
        AfterStep?.Invoke(metrics.Step);
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
    }

    public void Saved(string folder, int step)
    {
    }

    public void Happened(TrainingEvent happening)
    {
        if (happening is Replanned plan)
            Plans.Add(plan);
    }
}
