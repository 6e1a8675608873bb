using Cria.Training.Observation;

namespace Cria.Training.Tests;

/// <summary>
/// A clock that all but stands still until it is told otherwise; as an observer it tells itself so many seconds a step. Other
/// threads have a time of their own: what they do takes as long as they say, whatever this one does meanwhile.
/// </summary>
sealed class FakeTime(double secondsPerStep = 0) : TimeProvider, IObserver
{
    readonly int _thread = Environment.CurrentManagedThreadId;
    long _now, _elsewhere;

    public List<Replanned> Plans { get; } = [];

    public Action<int>? AfterStep { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => IsHere ? ++_now : Interlocked.Increment(ref _elsewhere);

    bool IsHere => Environment.CurrentManagedThreadId == _thread;

    public void Advance(double seconds)
    {
        long ticks = (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
        if (IsHere)
            _now += ticks;
        else
            Interlocked.Add(ref _elsewhere, ticks);
    }

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
