namespace Cria.Training;

/// <summary>An estimate of a run's last step, as it is recorded.</summary>
/// <param name="AtStep">Steps done when it was made.</param>
/// <param name="LastStep">The step after which the run ends.</param>
public sealed record StepEstimate(int AtStep, int LastStep);

/// <summary>
/// The planned last step. It may be estimated anew between two steps; every estimate is recorded in the training state, so
/// that a resumed run follows the estimates that were made and not the clock of the day. What a schedule asks of the plan is
/// a function of the step and of these numbers alone.
/// </summary>
public sealed class StepPlan
{
    readonly int _steps;
    readonly List<StepEstimate> _estimates = [];

    /// <param name="steps">As the recipe has it.</param>
    public StepPlan(int steps) => _steps = steps;

    /// <summary>A run of which nobody knows yet when it ends, or whose estimates these are.</summary>
    public StepPlan(IEnumerable<StepEstimate> estimates)
    {
        IsEstimated = true;
        Restore([.. estimates]);
    }

    /// <summary>True where the last step follows from measured time and not from the recipe.</summary>
    public bool IsEstimated { get; }

    /// <summary>The newest estimate; <see cref="int.MaxValue"/> while there is none.</summary>
    public int LastStep => _estimates.Count > 0 ? _estimates[^1].LastStep : IsEstimated ? int.MaxValue : _steps;

    public IReadOnlyList<StepEstimate> Estimates => _estimates;

    /// <summary>From this step on the run is planned to end elsewhere, at this step at the earliest. Estimates of later steps are void:
    /// the run has gone back.</summary>
    public void Estimate(int atStep, int lastStep)
    {
        _estimates.RemoveAll(estimate => estimate.AtStep > atStep);
        _estimates.Add(new(atStep, Math.Max(atStep, lastStep)));
    }

    /// <summary>Follows the estimates that were made before a checkpoint.</summary>
    public void Restore(IReadOnlyList<StepEstimate> estimates)
    {
        _estimates.Clear();
        _estimates.AddRange(estimates);
    }

    /// <summary>
    /// How far a descent of the learning rate has come: 0 up to its first step, 1 at the last step of the run. Where the plan
    /// changes on the way down, what is left of the descent is spread over what is left of the run: the rate bends and never
    /// jumps, and a descent that has begun goes on.
    /// </summary>
    /// <param name="step">Counted from 0.</param>
    /// <param name="first">The earliest step at which it may begin: where the warm-up ends.</param>
    /// <param name="share">Of the run's steps that it takes, at their end; 1 takes all from <paramref name="first"/> on.</param>
    public double Progress(int step, int first, double share = 1)
    {
        double done = 0;
        if (!IsEstimated)
            done = Advanced(0, 0, Until(0), _steps);
        for (int i = 0; i < _estimates.Count && _estimates[i].AtStep <= step; i++)
            done = Advanced(done, _estimates[i].AtStep, Until(i + 1), _estimates[i].LastStep);
        return done;

        int Until(int next) => next < _estimates.Count ? Math.Min(step, _estimates[next].AtStep) : step;

        double Advanced(double before, int from, int until, int steps)
        {
            int start = before > 0 ? from : Math.Max(from, Start(steps, first, share));
            return until > start ? before + (1 - before) * Math.Min(1, (until - start) / (double)Math.Max(1, steps - 1 - start)) : before;
        }
    }

    // A run that turns out shorter than twice its warm-up begins to descend at its half, so that it still ends at the bottom.
    int Start(int steps, int first, double share)
    {
        if (IsEstimated)
            first = Math.Min(first, steps / 2);
        return share == 1 ? first : Math.Max(first, steps - Math.Max(1, (int)Math.Round(share * steps)));
    }
}
