using Cria.Cli.Runs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>What a planned run may allocate, and what it will, from its plan; nothing is allocated.</summary>
static class BudgetMemory
{
    /// <summary>Of what this process may take, half is planned with: the text, its tokens and whatever else runs need some too.</summary>
    public static long Planned() => AvailableMemory.Now() / 2;

    public static MemoryAccount Of(Recipe recipe, int threads)
    {
        recipe = recipe.WithVocabulary();
        using var model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, recipe.PlanOptions()).Plan;
        var kernels = KernelChoice.Best(threads);
        var memory = MemoryAccount.Of(recipe, model, kernels, plan);
        (kernels as IDisposable)?.Dispose();
        return memory;
    }
}
