using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>
/// An observer that a run can do without. Where the disk fails it, that is said once and it is told nothing more: what it wrote
/// may have ended in the middle. The run goes on, and its checkpoints with it.
/// </summary>
/// <param name="observer">Disposed of with this one where it is disposable.</param>
/// <param name="what">What is missing then, such as "TensorBoard's file".</param>
/// <param name="tell">Hears it.</param>
sealed class DispensableObserver(IObserver observer, string what, Action<string> tell) : IObserver, IDisposable
{
    bool _hasFailed;

    public void Started(SessionFacts session) => Attempt(() => observer.Started(session));

    public void Stepped(StepMetrics metrics) => Attempt(() => observer.Stepped(metrics));

    public void Evaluated(EvaluationMetrics metrics) => Attempt(() => observer.Evaluated(metrics));

    public void Saved(string folder, int step) => Attempt(() => observer.Saved(folder, step));

    public void Happened(TrainingEvent happening) => Attempt(() => observer.Happened(happening));

    public void Sampled(TextSample sample) => Attempt(() => observer.Sampled(sample));

    /// <summary>Also of what has failed: that must let go of its file.</summary>
    public void Dispose()
    {
        bool hadFailed = _hasFailed;
        _hasFailed = false;
        Attempt(() => (observer as IDisposable)?.Dispose(), silently: hadFailed);
    }

    void Attempt(Action action, bool silently = false)
    {
        if (_hasFailed)
            return;
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            if (!silently)
                tell($"{what} ends here: {e.Message.TrimEnd('.')}; the run goes on without it");
        }
    }
}
