using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>Updates the flat parameters from the flat gradients; its state is named, flat and saved with the checkpoint.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Slot name → a tensor as long as the store's flat blocks.</summary>
    IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>What the host must write into the scalars before step <paramref name="step"/>, counted from 1.</summary>
    void Prepare(Span<float> scalars, int step);

    void Step(IKernels kernels, ParameterStore store, Tensor scalars);
}

public static class OptimizerCatalog
{
    public static IOptimizer Create(Recipe recipe, ParameterStore store) => recipe.Optimizer.Type switch
    {
        "adamw" => new AdamW(recipe.Optimizer, store, recipe.Precision.Moments, recipe.Seed),
        _ => throw Unknown(recipe),
    };

    /// <summary>The bytes that <see cref="Create"/> allocates.</summary>
    public static long StateBytes(Recipe recipe, ParameterStore store) => recipe.Optimizer.Type switch
    {
        "adamw" => AdamW.StateBytes(store, recipe.Precision.Moments),
        _ => throw Unknown(recipe),
    };

    static ConfigException Unknown(Recipe recipe) =>
        new($"optimizer.type '{recipe.Optimizer.Type}' is not known; there is adamw.");
}
