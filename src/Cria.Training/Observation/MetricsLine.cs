namespace Cria.Training.Observation;

/// <summary>A line of metrics.jsonl: what an observer was told, and when.</summary>
/// <param name="Step">The last step that was done.</param>
/// <param name="Time">Seconds since 1970 in UTC; 0 in files of earlier versions.</param>
public abstract record MetricsLine(int Step, double Time)
{
    /// <summary>Tells an observer the same again.</summary>
    public abstract void TellTo(IObserver observer);
}

/// <summary>A step.</summary>
public sealed record StepLine(StepMetrics Metrics, double Time) : MetricsLine(Metrics.Step, Time)
{
    public override void TellTo(IObserver observer) => observer.Stepped(Metrics);
}

/// <summary>An evaluation.</summary>
/// <param name="Memory">Bytes that the process had resident; 0 where nobody asked.</param>
public sealed record EvaluationLine(EvaluationMetrics Metrics, long Memory, double Time) : MetricsLine(Metrics.Step, Time)
{
    public override void TellTo(IObserver observer) => observer.Evaluated(Metrics);
}

/// <summary>An event, of whatever kind it was.</summary>
public sealed record EventLine(RecordedEvent Event, double Time) : MetricsLine(Event.Step, Time)
{
    public override void TellTo(IObserver observer) => observer.Happened(Event);
}

/// <summary>A text of the model's.</summary>
public sealed record SampleLine(TextSample Sample, double Time) : MetricsLine(Sample.Step, Time)
{
    public override void TellTo(IObserver observer) => observer.Sampled(Sample);
}

/// <summary>A process began or continued the run.</summary>
public sealed record SessionLine(SessionFacts Session, double Time) : MetricsLine(Session.Step, Time)
{
    public override void TellTo(IObserver observer) => observer.Started(Session);
}

/// <summary>A line of a kind that this version does not know.</summary>
sealed record UnknownLine(int Step, double Time) : MetricsLine(Step, Time)
{
    public override void TellTo(IObserver observer)
    {
    }
}

/// <summary>An event as metrics.jsonl has it.</summary>
public sealed record RecordedEvent(int Step, string Kind, string Words, IReadOnlyList<(string Name, double Value)> Numbers)
    : TrainingEvent(Step)
{
    public override string Name => Kind;

    public override string Text => Words;

    public override IReadOnlyList<(string Name, double Value)> Figures => Numbers;

    /// <summary>A figure by its name; not a number where the event has none.</summary>
    public double Figure(string name)
    {
        foreach (var (known, value) in Numbers)
            if (known == name)
                return value;
        return double.NaN;
    }
}
