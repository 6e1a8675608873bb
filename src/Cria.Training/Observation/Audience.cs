namespace Cria.Training.Observation;

/// <summary>Several observers as one, told in their order. Others may join until the first step.</summary>
public sealed class Audience(params IEnumerable<IObserver> observers) : IObserver
{
    readonly List<IObserver> _observers = [.. observers];

    public void Add(IObserver observer) => _observers.Add(observer);

    public void Started(SessionFacts session)
    {
        foreach (var observer in _observers)
            observer.Started(session);
    }

    public void Stepped(StepMetrics metrics)
    {
        foreach (var observer in _observers)
            observer.Stepped(metrics);
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        foreach (var observer in _observers)
            observer.Evaluated(metrics);
    }

    public void Saved(string folder, int step)
    {
        foreach (var observer in _observers)
            observer.Saved(folder, step);
    }

    public void Happened(TrainingEvent happening)
    {
        foreach (var observer in _observers)
            observer.Happened(happening);
    }

    public void Sampled(TextSample sample)
    {
        foreach (var observer in _observers)
            observer.Sampled(sample);
    }
}
