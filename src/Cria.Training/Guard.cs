using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// Watches over a run's numbers. The optimizer leaves everything as it is when the gradient is not finite; a row of such
/// steps has diverged.
/// </summary>
sealed class Guard(Recipe recipe)
{
    const int MaxSkippedSteps = 20;

    /// <summary>Steps without an update up to now.</summary>
    public int SkippedInARow { get; private set; }

    public void Watch(StepMetrics metrics)
    {
        SkippedInARow = double.IsFinite(metrics.Loss) && float.IsFinite(metrics.GradientNorm) ? 0 : SkippedInARow + 1;
        if (SkippedInARow == MaxSkippedSteps)
            throw new TrainingException($"the gradient was not finite in {MaxSkippedSteps} steps in a row up to step {metrics.Step}; " +
                $"use a lower optimizer.learning_rate than {recipe.Optimizer.LearningRate}, or a longer schedule.warmup_steps.");
    }
}
