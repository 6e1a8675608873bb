using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>
/// Adam with decoupled weight decay, on matrices only: one fused pass over each flat range. Loshchilov and Hutter 2019.
/// </summary>
public sealed class AdamW : IOptimizer
{
    readonly OptimizerRecipe _recipe;
    readonly DeviceMemory _state;
    readonly Tensor _first, _second;
    readonly (long Offset, long Length)[] _decaying, _plain;

    public AdamW(OptimizerRecipe recipe, ParameterStore store)
    {
        _recipe = recipe;
        var shape = new Shape(checked((int)store.FlatLength));
        long bytes = shape.Length * sizeof(float);
        _state = store.Device.Allocate(2 * bytes);
        _first = _state.Tensor(DType.F32, shape);
        _second = _state.Tensor(DType.F32, shape, bytes);
        _decaying = [.. store.Ranges(decays: true)];
        _plain = [.. store.Ranges(decays: false)];
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots => [("first_moment", _first), ("second_moment", _second)];

    public void Prepare(Span<float> scalars, int step)
    {
        scalars[(int)StepScalar.BiasCorrection1] = (float)(1 - Math.Pow(_recipe.Beta1, step));
        scalars[(int)StepScalar.BiasCorrection2] = (float)(1 - Math.Pow(_recipe.Beta2, step));
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        Update(_decaying, _recipe.WeightDecay);
        Update(_plain, 0);

        void Update((long Offset, long Length)[] ranges, float decay)
        {
            var constants = new AdamWConstants(_recipe.Beta1, _recipe.Beta2, _recipe.Epsilon, decay);
            foreach (var (offset, length) in ranges)
                kernels.AdamW(Range(store.Weights, offset, length), Range(_first, offset, length),
                    Range(_second, offset, length), Range(store.Gradients, offset, length), scalars, constants);
        }
    }

    public void Dispose() => _state.Dispose();

    static Tensor Range(Tensor flat, long offset, long length) =>
        new(flat.Device, flat.Address + (nint)(offset * sizeof(float)), flat.DType, new Shape((int)length));
}
