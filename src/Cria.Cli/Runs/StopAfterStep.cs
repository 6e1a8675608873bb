using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>Asks a run to save and stop once it has done a step, as Ctrl-C would.</summary>
/// <param name="last">The step; null never asks.</param>
sealed class StopAfterStep(int? last, CancellationToken cancellation) : IObserver, IDisposable
{
    readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    public CancellationToken Token => _source.Token;

    public bool IsReached(int step) => last is { } end && step >= end;

    public void Stepped(StepMetrics metrics)
    {
        if (IsReached(metrics.Step))
            _source.Cancel();
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
    }

    public void Saved(string folder, int step)
    {
    }

    public void Dispose() => _source.Dispose();
}
