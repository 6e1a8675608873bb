using System.Diagnostics;
using Cria.Training;
using Cria.Training.Averaging;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>Where a run stands, as far as a person wants to know it while it goes on.</summary>
sealed class LiveFigures
{
    const double LossWeight = 0.05, SpeedWeight = 0.1, ClipWeight = 0.02;

    readonly long _began = Stopwatch.GetTimestamp();
    long _tokensBefore;
    int _firstStep;
    double _end = double.NaN; // of a time budget, on the clock of Elapsed

    public SessionFacts Session { get; private set; } = new();

    public bool HasBegun => PlannedSteps > 0;

    public int Step { get; private set; }

    public int PlannedSteps { get; private set; }

    public long Tokens { get; private set; }

    /// <summary>A running mean; not a number before the first step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>What the loss is made of, running means; null where it is the cross-entropy alone.</summary>
    public LossParts? Parts { get; private set; }

    public double LearningRate { get; private set; } = double.NaN;

    public double GradientNorm { get; private set; } = double.NaN;

    /// <summary>The share of clipped steps, a running mean.</summary>
    public double ClipRate { get; private set; } = double.NaN;

    public double TokensPerSecond { get; private set; } = double.NaN;

    public EvaluationMetrics? Validation { get; private set; }

    /// <summary>The newest evaluation of other weights.</summary>
    public EvaluationMetrics? Averaged { get; private set; }

    /// <summary>The newest event, and whether it is a bad one.</summary>
    public (int Step, string Text, bool IsBad)? Event { get; private set; }

    public TextSample? Sample { get; set; }

    public CancellationToken Cancellation { get; set; }

    /// <summary>Of this process.</summary>
    public double Elapsed => Stopwatch.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Seconds of a time budget that are not spent; else those to the planned end at the pace of this process, with its
    /// evaluations. Not a number before a step.</summary>
    public double Left => !double.IsNaN(_end) ? Math.Max(0, _end - Elapsed)
        : Step > _firstStep ? Elapsed / (Step - _firstStep) * Math.Max(0, PlannedSteps - Step) : double.NaN;

    public double ShareOfPeak => Session.ShareOfPeak(TokensPerSecond);

    /// <summary>The run ends at a time, so many seconds from now, whatever its steps take.</summary>
    public void EndsIn(double seconds) => _end = Elapsed + seconds;

    public void Start(SessionFacts session)
    {
        (Session, Step, _firstStep, PlannedSteps) = (session, session.Step, session.Step, session.PlannedSteps);
        if (session.Step > 0)
            Say(session.Step, $"continued after step {session.Step:N0}");
    }

    public void Add(StepMetrics metrics)
    {
        bool isFirst = double.IsNaN(LearningRate);
        double tokens = isFirst && metrics.Step > 1 ? metrics.Tokens / (double)metrics.Step : metrics.Tokens - _tokensBefore;
        (Step, LearningRate, GradientNorm) = (metrics.Step, metrics.LearningRate, metrics.GradientNorm);
        Tokens = _tokensBefore = metrics.Tokens;
        if (double.IsFinite(metrics.Loss))
            Loss = Mean(Loss, metrics.Loss, LossWeight);
        if (metrics.Parts is { } parts && double.IsFinite(parts.CrossEntropy + parts.Divergence))
            Parts = new(Mean(Parts?.CrossEntropy ?? double.NaN, parts.CrossEntropy, LossWeight),
                Mean(Parts?.Divergence ?? double.NaN, parts.Divergence, LossWeight));
        if (tokens > 0) // after a roll-back the count goes back once
            TokensPerSecond = Mean(TokensPerSecond, tokens / metrics.Seconds, SpeedWeight);
        ClipRate = Mean(ClipRate, metrics.ClipFactor < 1 ? 1 : 0, ClipWeight);
    }

    public void Add(EvaluationMetrics metrics)
    {
        if (metrics.Weights.Length == 0)
            Validation = metrics;
        else
            Averaged = metrics;
    }

    public void Add(TrainingEvent happening)
    {
        if (happening is Replanned plan)
        {
            PlannedSteps = plan.PlannedSteps; // the bar shows it; what happened before is the news still
            EndsIn(plan.SecondsLeft);
            return;
        }
        if (happening is RolledBack back)
            Step = back.To;
        Event = (happening.Step, happening.Text, happening is not (CheckpointSaved or WeightsAdopted));
    }

    public void Say(int step, string text) => Event = (step, text, false);

    static double Mean(double mean, double value, double weight) => double.IsNaN(mean) ? value : mean + weight * (value - mean);
}
