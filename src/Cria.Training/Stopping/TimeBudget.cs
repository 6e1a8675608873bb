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
/// sixty of them serve a run of any length.
/// </remarks>
public sealed class TimeBudget
{
    const int StepsBeforeFirst = 5;
    const double EarlyShare = 0.03, LateShare = 0.25; // of the budget, after which the first estimate waits no longer
    const double ReplanShare = 0.1, EvaluationThatMatters = 0.003;

    // Before the first measurement: forward is about a third of a step; a slow disk writes so much, hashing included.
    const double ForwardShare = 0.4, BytesPerSecond = 1e8, SaveSeconds = 0.02;

    readonly TimeSpan _budget;
    readonly StepPlan _plan;
    readonly Workload _work;
    readonly PhaseClock _clock;
    readonly Pace _pace = new();
    double _elsewhere, _evaluation, _checkpoints, _leftAtPlan = double.PositiveInfinity;
    int _steps;
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

    /// <summary>True where a plan is due and nobody knows what the last evaluation will take, which matters: one should be made
    /// now.</summary>
    public bool LacksEvaluation { get; private set; }

    /// <summary>From now on the time is the run's: what happened before this call is none of its steps.</summary>
    public void Begin() => Measure();

    /// <summary>At every step boundary: measures, and makes a new plan where one is due and differs from the last.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="spent">Seconds of training so far, those of earlier processes included.</param>
    /// <returns>What was planned, or null.</returns>
    public Replanned? Plan(int step, double spent)
    {
        var (steps, evaluation, checkpoint) = Measure();
        _pace.Stepped(steps);
        _steps++;
        if (evaluation > 0)
            _pace.Evaluated(evaluation, _work.EvaluatedTokens);
        LacksEvaluation = false;
        if (checkpoint > 0)
            _pace.Saved(checkpoint);

        double left = _budget.TotalSeconds - spent;
        bool isFirst = _plan.Estimates.Count == 0;
        bool due = isFirst
            ? _steps >= StepsBeforeFirst || (_pace.IsSettled && spent > EarlyShare * _budget.TotalSeconds)
                || spent > LateShare * _budget.TotalSeconds
            : (_pace.IsSettled || left < _leftAtPlan / 2) && left <= (1 - ReplanShare) * _leftAtPlan;
        if (!due)
            return null;
        LacksEvaluation = !_hasAsked && double.IsNaN(_pace.EvaluatedToken) && _work.EvaluatedTokens > 0
            && _work.FinalTokens * EvaluatedToken(_pace.Step) > EvaluationThatMatters * _budget.TotalSeconds;
        if (LacksEvaluation)
        {
            _hasAsked = true;
            return null; // a plan made now would be another one after the next step
        }
        _leftAtPlan = left;
        int last = Affordable(step, left);
        if (!isFirst && last == _plan.LastStep)
            return null;
        _plan.Estimate(step, last);
        return new(step, last, left);
    }

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
        double save = Math.Max(double.IsNaN(_pace.Save) ? 0 : _pace.Save, SaveSeconds + _work.CheckpointBytes / BytesPerSecond);
        double model = save * _work.ModelBytes / Math.Max(1, _work.CheckpointBytes);
        return (steps - from) * each
            + Between(from, steps, _work.EvaluateEvery) * _work.EvaluatedTokens * token + _work.FinalTokens * token
            + Between(from, steps, _work.SaveEvery) * save + save + model;
    }

    double EvaluatedToken(double step) =>
        double.IsNaN(_pace.EvaluatedToken) ? ForwardShare * step / _work.TokensPerStep : _pace.EvaluatedToken;

    // What is due after every so many steps, but not after the last one, which has its own.
    static long Between(int from, int steps, int every) => every == 0 || steps <= from ? 0 : (steps - 1) / every - from / every;
}
