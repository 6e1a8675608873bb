namespace Cria.Training.Observation;

/// <summary>Several observers as one, told in their order.</summary>
public sealed class Audience(params IReadOnlyList<IObserver> observers) : IObserver
{
    public void Started(SessionFacts session)
    {
        foreach (var observer in observers)
            observer.Started(session);
    }

    public void Stepped(StepMetrics metrics)
    {
        foreach (var observer in observers)
            observer.Stepped(metrics);
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        foreach (var observer in observers)
            observer.Evaluated(metrics);
    }

    public void Saved(string folder, int step)
    {
        foreach (var observer in observers)
            observer.Saved(folder, step);
    }

    public void Happened(TrainingEvent happening)
    {
        foreach (var observer in observers)
            observer.Happened(happening);
    }

    public void Sampled(TextSample sample)
    {
        foreach (var observer in observers)
            observer.Sampled(sample);
    }
}
