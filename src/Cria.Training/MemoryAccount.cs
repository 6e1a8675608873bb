using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// What a training run allocates beside the managed heap, in bytes, known before any of it is allocated. Every one of
/// these blocks is asked for once and kept.
/// </summary>
/// <param name="Weights">The flat block of parameters, padding included.</param>
/// <param name="Gradients">As long as the weights.</param>
/// <param name="Optimizer">The optimizer's state.</param>
/// <param name="Averages">Averages of the weights, and the block in which those in training wait while others are evaluated.</param>
/// <param name="Arena">Activations, their gradients, inputs and the ops' scratch values.</param>
/// <param name="Tables">Constant tables of the model, the handful of numbers of a step, and what its norms need.</param>
/// <param name="Scratch">The kernels' own buffers.</param>
public sealed record MemoryAccount(
    long Weights, long Gradients, long Optimizer, long Averages, long Arena, long Tables, long Scratch)
{
    /// <summary>A copy of weights and optimizer state: what checkpoints are written from and roll-backs go to.</summary>
    public long Snapshot { get; init; }

    /// <summary>Weights and tables of the models that the loss listens to.</summary>
    public long Teachers { get; init; }

    public long Total => Weights + Gradients + Optimizer + Averages + Arena + Tables + Scratch + Teachers + Snapshot;

    /// <summary>The account of a run on this model, which need not be allocated.</summary>
    /// <param name="recipe">Its optimizer and precision.</param>
    /// <param name="model">Created, with or without memory.</param>
    /// <param name="kernels">The backend that is to run it.</param>
    /// <param name="plans">All plans that share the arena.</param>
    public static MemoryAccount Of(Recipe recipe, ILanguageModel model, IKernels kernels, params IReadOnlyList<Plan> plans)
    {
        var store = model.Parameters;
        long weights = store.FlatLength * store.DType.SizeInBytes();
        long arena = plans.Max(plan => plan.ArenaBytes);
        long norms = recipe.Metrics.NormsEvery > 0 ? NormMeter.Bytes(store, arena) : 0;
        long optimizer = recipe.Optimizer.StateBytes(recipe, store);
        return new(
            weights,
            weights,
            optimizer,
            Averaging.Averages.Bytes(recipe.Average, store, recipe.Optimizer.HasEvaluationWeights),
            arena,
            model.TableBytes + (long)StepScalar.Count * sizeof(float) + plans.Sum(plan => plan.SeedBytes) + norms,
            kernels.ScratchBytes(Demand(recipe, store, plans)))
        {
            Snapshot = recipe.KeepsSnapshot() ? Checkpoints.Snapshot.Bytes(model, Checkpoints.Snapshot.SlotBytes(recipe, store)) : 0,
        };
    }

    /// <summary>The same with models that run forward only.</summary>
    public MemoryAccount With(IReadOnlyList<ILanguageModel> teachers) => this with
    {
        Teachers = teachers.Sum(TeacherMemory.WeightsOf),
    };

    /// <summary>What the kernels must be able to hold for these plans and a step of the recipe's optimizer.</summary>
    public static ScratchDemand Demand(Recipe recipe, ParameterStore store, params IReadOnlyList<Plan> plans)
    {
        var demand = Demand(store, plans);
        recipe.Optimizer.Demand(recipe, store, demand);
        return demand;
    }

    /// <summary>What the kernels must be able to hold for these plans and a step of an optimizer that sees no matrices.</summary>
    public static ScratchDemand Demand(ParameterStore store, params IReadOnlyList<Plan> plans)
    {
        var demand = new ScratchDemand { FlatLength = store.FlatLength, NormRanges = store.Parameters.Count };
        foreach (var plan in plans)
            plan.Demand(demand);
        return demand;
    }
}
