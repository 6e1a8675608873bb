namespace Cria.Training;

/// <summary>An estimate of a run's last step, as it is recorded.</summary>
/// <param name="AtStep">Steps done when it was made.</param>
/// <param name="LastStep">The step after which the run ends.</param>
public sealed record StepEstimate(int AtStep, int LastStep);

/// <summary>
/// The planned last step. It may be estimated anew between two steps; every estimate is recorded in the training state, so
/// that a resumed run follows the estimates that were made and not the clock of the day.
/// </summary>
public sealed class StepPlan
{
    readonly int _steps;
    readonly List<StepEstimate> _estimates = [];

    /// <param name="steps">As the recipe has it.</param>
    public StepPlan(int steps) => _steps = LastStep = steps;

    public int LastStep { get; private set; }

    public IReadOnlyList<StepEstimate> Estimates => _estimates;

    /// <summary>From this step on the run is planned to end elsewhere.</summary>
    public void Estimate(int atStep, int lastStep)
    {
        LastStep = Math.Max(atStep, lastStep);
        _estimates.Add(new(atStep, LastStep));
    }

    /// <summary>Follows the estimates that were made before a checkpoint.</summary>
    public void Restore(IReadOnlyList<StepEstimate> estimates)
    {
        _estimates.Clear();
        _estimates.AddRange(estimates);
        LastStep = estimates.Count > 0 ? estimates[^1].LastStep : _steps;
    }
}
