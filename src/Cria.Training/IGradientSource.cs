using Cria.Engine.Graphs;
using Cria.Engine.Kernels;

namespace Cria.Training;

/// <summary>
/// Forward and backward of one micro-batch, whatever its loss: it leaves the gradients in the model's store. The trainer
/// asks for the micro-batches of a step in turn; others may ask for gradients of their own between steps.
/// </summary>
public interface IGradientSource : IDisposable
{
    /// <summary>What it runs, the training plan first; they share the trainer's arena.</summary>
    IReadOnlyList<Plan> Plans { get; }

    /// <summary>Rows of a micro-batch.</summary>
    int Tokens { get; }

    /// <summary>What the loss that <see cref="Run"/> gave last was made of, weighted as it was; null where it is one thing.</summary>
    LossParts? Parts => null;

    /// <summary>Runs samples first .. first + B and leaves the gradients in the store.</summary>
    /// <param name="kernels">The backend.</param>
    /// <param name="first">The global number of the first sample.</param>
    /// <param name="weight">Of every row that has a target: 1 / the targets of the whole step.</param>
    /// <param name="accumulate">False for the first micro-batch of a step.</param>
    /// <returns>The weighted loss of these rows.</returns>
    double Run(IKernels kernels, long first, float weight, bool accumulate);
}

/// <summary>A source that can also take the gradient against labels which the model draws from its own softmax.</summary>
public interface ISampledGradientSource : IGradientSource
{
    /// <summary>As <see cref="IGradientSource.Run"/>, with drawn labels in the place of the data's where the data has one.</summary>
    /// <param name="kernels">The backend.</param>
    /// <param name="first">The global number of the first sample.</param>
    /// <param name="weight">Of every row that has a target.</param>
    /// <param name="accumulate">False for the first micro-batch.</param>
    /// <param name="labels">How they are drawn.</param>
    /// <param name="step">The step they are drawn for.</param>
    void RunSampled(IKernels kernels, long first, float weight, bool accumulate, SampledLabels labels, int step);
}

/// <summary>Which loss a recipe trains on.</summary>
static class GradientSources
{
    /// <param name="recipe">Its loss, batch, plan and seed are used.</param>
    /// <param name="parts">The model, allocated with gradients, its teachers and the data.</param>
    /// <param name="clock">Hears how long reading took.</param>
    public static IGradientSource Create(Recipes.Recipe recipe, TrainerParts parts, PhaseClock clock) =>
        new TrainingPass(parts.Model, parts.Data, recipe.Batch.MicroBatchSize, Recipes.RecipePlan.PlanOptions(recipe), recipe.Seed,
            recipe.Loss.Create(parts.Teachers, parts.Taught), clock);
}
