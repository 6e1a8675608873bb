using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>
/// What a person sees while a run trains: some lines that stay at the foot of a terminal, a line now and then elsewhere.
/// </summary>
sealed class LiveDisplay : IObserver, IDisposable
{
    const int RefreshMilliseconds = 200;
    const double PlainSeconds = 10;

    /// <summary>A plan is news where it moves the end by more than this share of it; all of them stand in metrics.jsonl.</summary>
    const double PlanThatMatters = 0.2;

    readonly LiveFigures _figures = new();
    readonly Lock _lock = new();
    readonly LiveBlock? _block;
    readonly Timer? _timer;
    readonly Action<string> _log;
    long _told = Stopwatch.GetTimestamp();
    int _toldPlan;

    /// <param name="block">Where to draw, or null for lines now and then.</param>
    /// <param name="log">Where those lines go.</param>
    /// <param name="cancellation">Whether the run has been asked to stop.</param>
    public LiveDisplay(LiveBlock? block, Action<string> log, CancellationToken cancellation)
    {
        (_block, _log) = (block, log);
        _figures.Cancellation = cancellation;
        if (block is not null)
            _timer = new(_ => Draw(), null, RefreshMilliseconds, RefreshMilliseconds);
    }

    /// <summary>The run ends at a time, so many seconds from now.</summary>
    public void EndsIn(double seconds)
    {
        lock (_lock)
            _figures.EndsIn(seconds);
    }

    public void Started(SessionFacts session)
    {
        lock (_lock)
            _figures.Start(session);
    }

    public void Stepped(StepMetrics metrics)
    {
        lock (_lock)
            _figures.Add(metrics);
        if (_block is null && (Stopwatch.GetElapsedTime(_told).TotalSeconds >= PlainSeconds || metrics.Step == _figures.PlannedSteps))
            Tell();
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        lock (_lock)
            _figures.Add(metrics);
    }

    public void Saved(string folder, int step)
    {
        lock (_lock)
            _figures.Say(step, $"checkpoint of step {step:N0} saved");
    }

    public void Happened(TrainingEvent happening)
    {
        lock (_lock)
            _figures.Add(happening);
        if (_block is null && IsNews(happening))
            _log($"step {happening.Step:N0}: {happening.Text}");
    }

    public void Sampled(TextSample sample)
    {
        lock (_lock)
            _figures.Sample = sample;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        if (_block is null)
            return;
        Draw();
        _block.Dispose();
    }

    bool IsNews(TrainingEvent happening)
    {
        if (happening is not Replanned plan)
            return happening is not CheckpointSaved;
        if (_toldPlan > 0 && Math.Abs(plan.PlannedSteps - _toldPlan) <= PlanThatMatters * _toldPlan)
            return false;
        _toldPlan = plan.PlannedSteps;
        return true;
    }

    void Draw()
    {
        lock (_lock)
            if (_figures.HasBegun)
                _block!.Draw(LiveLines.Of(_figures, LiveBlock.Size().Columns - LiveBlock.Margin));
    }

    void Tell()
    {
        _told = Stopwatch.GetTimestamp();
        lock (_lock)
            _log(LiveLines.Plain(_figures));
    }
}
