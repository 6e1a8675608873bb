using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>
/// <see cref="AdamW"/> with both moments in BF16, half the memory: they are rounded by random bits that depend on (seed, update,
/// element) alone.
/// </summary>
sealed class CompactAdamW : IOptimizer
{
    readonly AdamWRecipe _constants;
    readonly ulong _seed;
    readonly DeviceMemory _memory;
    readonly Tensor _first, _second;
    readonly ParameterGroup[] _groups;

    public CompactAdamW(AdamWRecipe constants, Recipe recipe, ParameterStore store)
    {
        (_constants, _seed) = (constants, recipe.Seed);
        var shape = new Shape(checked((int)store.FlatLength));
        long bytes = StateBytes(store) / 2;
        _memory = store.Device.Allocate(2 * bytes);
        _first = _memory.Tensor(DType.BF16, shape);
        _second = _memory.Tensor(DType.BF16, shape, bytes);
        _groups = ParameterGroups.Of(recipe, store);
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots => [("first_moment", _first), ("second_moment", _second)];

    public static long StateBytes(ParameterStore store) => 2 * store.FlatLength * DType.BF16.SizeInBytes();

    public void Prepare(Span<float> scalars, int update)
    {
        scalars[(int)StepScalar.BiasCorrection1] = (float)(1 - Math.Pow(_constants.Beta1, update));
        scalars[(int)StepScalar.BiasCorrection2] = (float)(1 - Math.Pow(_constants.Beta2, update));
        scalars[(int)StepScalar.Step] = update;
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
        {
            var constants = new AdamWConstants(
                _constants.Beta1, _constants.Beta2, _constants.Epsilon, group.WeightDecay, group.LearningRateFactor);
            for (int i = 0; i < group.Ranges.Count; i++)
            {
                var range = group.Ranges[i];
                kernels.AdamWCompact(FlatState.Range(store.Weights, range), FlatState.Range(_first, range), FlatState.Range(_second, range),
                    FlatState.Range(store.Gradients, range), scalars, constants, new(_seed, (uint)range.Offset));
            }
        }
    }

    public void Dispose() => _memory.Dispose();
}
