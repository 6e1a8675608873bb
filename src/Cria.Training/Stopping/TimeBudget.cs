using Cria.Training.Observation;

namespace Cria.Training.Stopping;

/// <summary>
/// Turns a time into a planned last step, and corrects the plan at step boundaries from the measured speed. It writes the
/// plan into the <see cref="StepPlan"/> and touches nothing else: the clock reaches the arithmetic only as these recorded
/// numbers.
/// </summary>
/// <remarks>
/// The first estimate comes after a few steps. Each later one is due when a tenth of the time that was left at the last one has
/// passed, so that they come closer together towards the end and the last ones are off by no more than a step. Some
/// sixty of them serve a run of any length. On an uneven machine a little time is held back, and a plan that must become shorter
/// leaves a few steps in which the learning rate comes down all the same: it ends a little late rather than high.
/// </remarks>
sealed class TimeBudget
{
    const int StepsBeforeFirst = 5;
    const double EarlyShare = 0.03, LateShare = 0.25; // of the budget, after which the first estimate waits no longer
    const double ReplanShare = 0.1, EvaluationThatMatters = 0.003, ProbeShare = 0.01;
    const double TailShare = 0.01, LongestTailShare = 0.02, ReserveShare = 0.01; // of the budget

    // Before the first measurement: forward is about a third of a step; a slow disk writes so much, hashing included.
    const double ForwardShare = 0.4, BytesPerSecond = 1e8, SaveSeconds = 0.02;

    readonly TimeSpan _budget;
    readonly StepPlan _plan;
    readonly Workload _work;
    readonly PhaseClock _clock;
    readonly Pace _pace = new();
    double _elsewhere, _evaluation, _checkpoints, _leftAtPlan = double.PositiveInfinity;
    long _evaluated;
    int _steps, _before;
    bool _hasAsked;

    /// <param name="budget">From the first step to the saved model.</param>
    /// <param name="plan">The run's, which this writes.</param>
    /// <param name="work">What else takes time.</param>
    /// <param name="clock">The run's.</param>
    public TimeBudget(TimeSpan budget, StepPlan plan, Workload work, PhaseClock clock)
    {
        (_budget, _plan, _work, _clock) = (budget, plan, work, clock);
        Begin();
    }

    /// <summary>Above 0 where a plan is due and nobody knows what the last evaluation will take, which matters: one of so many tokens,
    /// worth about a hundredth of the budget, should be made now.</summary>
    public long ProbeTokens { get; private set; }

    /// <summary>What has been measured, for a checkpoint.</summary>
    public PaceState State =>
        new(Known(_pace.Step), Known(_pace.EvaluatedToken), Known(_pace.Save), Known(_pace.Write), Known(_leftAtPlan));

    /// <summary>From now on the time is the run's: what happened before this call is none of its steps.</summary>
    public void Begin() => Measure();

    /// <summary>Goes on from a checkpoint's measurements.</summary>
    /// <param name="state">Null in checkpoints of earlier versions.</param>
    public void Restore(PaceState? state)
    {
        if (state is null)
            return;
        _pace.Restore(state);
        _leftAtPlan = state.LeftAtPlan ?? double.PositiveInfinity;
    }

    /// <summary>So many tokens have been evaluated, under all sets of weights together.</summary>
    public void Evaluated(long tokens) => _evaluated += tokens;

    /// <summary>A checkpoint has reached the disk.</summary>
    /// <param name="seconds">From its first byte, while training stood still or went on.</param>
    public void Written(double seconds) => _pace.Written(seconds);

    /// <summary>At every step boundary: measures, and makes a new plan where one is due and differs from the last.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="spent">Seconds of training so far, those of earlier processes included.</param>
    /// <returns>What was planned, or null.</returns>
    public Replanned? Plan(int step, double spent)
    {
        var (steps, evaluation, checkpoint) = Measure();
        _pace.Stepped(steps);
        _steps++;
        if (evaluation > 0 && _evaluated > 0)
            _pace.Evaluated(evaluation, _evaluated);
        _evaluated = ProbeTokens = 0;
        if (checkpoint > 0)
            _pace.Saved(checkpoint);

        double left = _budget.TotalSeconds - spent;
        bool isFirst = _plan.Estimates.Count == 0, hasGoneBack = step < _before;
        _before = step;
        if (!isFirst && double.IsPositiveInfinity(_leftAtPlan))
            _leftAtPlan = left; // resumed: the plan stands until there is something better
        bool due = isFirst
            ? _steps >= StepsBeforeFirst || (_pace.IsSettled && spent > EarlyShare * _budget.TotalSeconds)
                || spent > LateShare * _budget.TotalSeconds
            : hasGoneBack || ((_pace.IsKnown || left < _leftAtPlan / 2) && left <= (1 - ReplanShare) * _leftAtPlan);
        if (!due)
            return null;
        double each = Math.Max(_pace.Step, 1e-7), token = EvaluatedToken(each);
        if (!_hasAsked && !hasGoneBack && double.IsNaN(_pace.EvaluatedToken)
            && _work.FinalTokens * token > EvaluationThatMatters * _budget.TotalSeconds)
        {
            _hasAsked = true;
            ProbeTokens = (long)Math.Clamp(ProbeShare * _budget.TotalSeconds / token, 1, _work.FinalTokens);
            return null; // a plan made now would be another one after the next step
        }
        _leftAtPlan = left;
        int last = Affordable(step, left - ReserveShare * _budget.TotalSeconds * Math.Min(1, _pace.Unevenness));
        if (!isFirst)
            last = Math.Max(last, Math.Min(_plan.LastStep, step + Tail(each)));
        if (!isFirst && last == _plan.LastStep && !hasGoneBack)
            return null;
        _plan.Estimate(step, last);
        return new(step, last, left) { FinalEvaluationSeconds = _work.FinalTokens * token };
    }

    // Steps that a shorter plan leaves, for the rest of the descent: two at least unless they are very long.
    int Tail(double each)
    {
        int steps = (int)Math.Min(int.MaxValue / 2, TailShare * _budget.TotalSeconds / each);
        return 2 * each <= LongestTailShare * _budget.TotalSeconds ? Math.Max(2, steps) : steps;
    }

    static double? Known(double seconds) => double.IsFinite(seconds) ? seconds : null;

    // Seconds since the last call, shared out.
    (double Steps, double Evaluation, double Checkpoint) Measure()
    {
        double total = _clock.Total, evaluation = _clock.Seconds(Phase.Evaluation), checkpoints = _clock.Seconds(Phase.Checkpoint);
        double elsewhere = total - evaluation - checkpoints;
        var since = (elsewhere - _elsewhere, evaluation - _evaluation, checkpoints - _checkpoints);
        (_elsewhere, _evaluation, _checkpoints) = (elsewhere, evaluation, checkpoints);
        return since;
    }

    /// <summary>The largest number of steps that, with all that belongs to them, fits into what is left.</summary>
    int Affordable(int step, double left)
    {
        double each = Math.Max(_pace.Step, 1e-7);
        double most = Math.Min(int.MaxValue - 1.0, step + Math.Max(0, left / each));
        int low = step, high = (int)most; // low is done, or fits
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (Seconds(step, middle, each) <= left)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>From after step <paramref name="from"/> to the end of a run of <paramref name="steps"/> steps.</summary>
    double Seconds(int from, int steps, double each)
    {
        double token = EvaluatedToken(each);
        double guess = SaveSeconds + _work.CheckpointBytes / BytesPerSecond, pause = double.IsNaN(_pace.Save) ? guess : _pace.Save;
        double save = Math.Max(guess, Math.Max(pause, double.IsNaN(_pace.Write) ? 0 : _pace.Write));
        double model = save * _work.ModelBytes / Math.Max(1, _work.CheckpointBytes), evaluation = _work.FinalTokens * token;
        return (steps - from) * each
            + Between(from, steps, _work.EvaluateEvery) * _work.EvaluatedTokens * token + evaluation
            + Between(from, steps, _work.SaveEvery) * pause + save + model;
    }

    double EvaluatedToken(double step) =>
        double.IsNaN(_pace.EvaluatedToken) ? ForwardShare * step / _work.TokensPerStep : _pace.EvaluatedToken;

    // What is due after every so many steps, but not after the last one, which has its own.
    static long Between(int from, int steps, int every) => every == 0 || steps <= from ? 0 : (steps - 1) / every - from / every;
}
