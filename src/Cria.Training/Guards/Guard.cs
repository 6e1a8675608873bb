using Cria.Engine.Graphs;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Training.Guards;

/// <summary>
/// Watches over a run's numbers: says before each update whether it may be made, and after it whether the run must go back
/// to its last good state. What it says follows from the losses and gradients alone, so a resumed run is told the same.
/// </summary>
sealed class Guard(Recipe recipe, ParameterStore store)
{
    readonly GuardRecipe _rules = recipe.Guard;
    readonly LossWindow _window = new(recipe.Guard.Spike.Window);
    readonly List<TrainingEvent> _news = [];
    int _skippedInARow, _skipped, _rollbacks;
    double _expected;
    bool _isSpike;

    /// <summary>True while the last step made an update: only such a state is a good one.</summary>
    public bool IsWell => _skippedInARow == 0;

    /// <summary>Why the run must go back to its last good state now; null while it need not.</summary>
    public string? ReasonToGoBack { get; private set; }

    public GuardState State => new()
    {
        SkippedInARow = _skippedInARow,
        Skipped = _skipped,
        Rollbacks = _rollbacks,
        Losses = _window.ToArray(),
    };

    public void Restore(GuardState state)
    {
        (_skippedInARow, _skipped, _rollbacks) = (state.SkippedInARow, state.Skipped, state.Rollbacks);
        _window.Restore(state.Losses);
    }

    /// <summary>Whether a step with this loss may change the weights.</summary>
    public bool Admits(double loss)
    {
        _isSpike = false;
        if (_window.IsFull && double.IsFinite(loss))
        {
            (_expected, double deviation) = _window.Expectation();
            _isSpike = loss > _expected + _rules.Spike.Threshold * deviation;
        }
        return double.IsFinite(loss) && !(_isSpike && _rules.Spike.Action != SpikeAction.Tell);
    }

    /// <summary>Looks at a step that was taken.</summary>
    /// <param name="step">With the loss that <see cref="Admits"/> saw.</param>
    /// <param name="samples">What it read, or of that the part whose loss was not finite.</param>
    public void Watch(StepMetrics step, SampleRange samples)
    {
        if (double.IsFinite(step.Loss))
            _window.Add(step.Loss);
        if (_isSpike)
            _news.Add(new LossSpike(step.Step, step.Loss, _expected, step.ClipFactor == 0));
        if (step.ClipFactor != 0)
        {
            _skippedInARow = 0;
            return;
        }
        _skippedInARow++;
        _skipped++;
        bool isWild = !double.IsFinite(step.Loss) || !float.IsFinite(step.GradientNorm);
        if (isWild)
            _news.Add(new StepSkipped(step.Step, step.Loss, step.GradientNorm, samples, GradientFault.First(store) ?? ""));
        if (_isSpike && _rules.Spike.Action == SpikeAction.RollBack)
            ReasonToGoBack = "a loss spike";
        else if (_skippedInARow >= _rules.MaxSkipped)
            ReasonToGoBack = _skippedInARow == 1 ? "a step without an update" : $"{_skippedInARow} steps in a row without an update";
    }

    /// <summary>The run is in its last good state again.</summary>
    /// <param name="good">As it was then.</param>
    public void WentBack(GuardState good)
    {
        _window.Restore(good.Losses);
        _skippedInARow = 0;
        _rollbacks++;
        ReasonToGoBack = null;
    }

    /// <summary>The run is about to go back.</summary>
    /// <exception cref="TrainingException">It went back as often as it may.</exception>
    public void CheckMayGoBack(int step)
    {
        if (_rollbacks < _rules.MaxRollbacks)
            return;
        string before = _rules.MaxRollbacks == 0 ? "" : $", after {_rollbacks} roll-back{(_rollbacks == 1 ? "" : "s")}";
        throw new TrainingException($"training diverged: {ReasonToGoBack} up to step {step}{before}; use a lower optimizer.learning_rate " +
            $"than {recipe.Optimizer.LearningRate}, or a longer schedule.warmup_steps. The checkpoints are as they were.");
    }

    /// <summary>What there is to tell since the last time.</summary>
    public IReadOnlyList<TrainingEvent> News()
    {
        if (_news.Count == 0)
            return [];
        TrainingEvent[] news = [.. _news];
        _news.Clear();
        return news;
    }
}
