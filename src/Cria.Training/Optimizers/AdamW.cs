using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="AdamW"/>.</summary>
public sealed record AdamWRecipe : OptimizerRecipe
{
    public override string Type => "adamw";

    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.95f;

    public float Epsilon { get; init; } = 1e-8f;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new AdamW(this, store, recipe.Precision.Moments, recipe.Seed);

    public override long StateBytes(Recipe recipe, ParameterStore store) => AdamW.StateBytes(store, recipe.Precision.Moments);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckBeta("beta2", Beta2);
        CheckEpsilon(Epsilon);
    }
}

/// <summary>
/// Adam with decoupled weight decay, on matrices only: one fused pass over each flat range. Loshchilov and Hutter 2019.
/// Moments in BF16 are rounded by random bits that depend on (seed, step, element) alone.
/// </summary>
public sealed class AdamW : IOptimizer
{
    readonly AdamWRecipe _recipe;
    readonly ulong _seed;
    readonly DeviceMemory _state;
    readonly Tensor _first, _second;
    readonly (long Offset, long Length)[] _decaying, _plain;

    public AdamW(AdamWRecipe recipe, ParameterStore store, Storage moments = Storage.F32, ulong seed = 0)
    {
        (_recipe, _seed) = (recipe, seed);
        var shape = new Shape(checked((int)store.FlatLength));
        long bytes = StateBytes(store, moments) / 2;
        _state = store.Device.Allocate(2 * bytes);
        _first = _state.Tensor(TypeOf(moments), shape);
        _second = _state.Tensor(TypeOf(moments), shape, bytes);
        _decaying = [.. store.Ranges(decays: true)];
        _plain = [.. store.Ranges(decays: false)];
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots => [("first_moment", _first), ("second_moment", _second)];

    public static long StateBytes(ParameterStore store, Storage moments) => 2 * store.FlatLength * TypeOf(moments).SizeInBytes();

    public void Prepare(Span<float> scalars, int step)
    {
        scalars[(int)StepScalar.BiasCorrection1] = (float)(1 - Math.Pow(_recipe.Beta1, step));
        scalars[(int)StepScalar.BiasCorrection2] = (float)(1 - Math.Pow(_recipe.Beta2, step));
        scalars[(int)StepScalar.Step] = step;
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        Update(_decaying, _recipe.WeightDecay);
        Update(_plain, 0);

        void Update((long Offset, long Length)[] ranges, float decay)
        {
            var constants = new AdamWConstants(_recipe.Beta1, _recipe.Beta2, _recipe.Epsilon, decay);
            foreach (var (offset, length) in ranges)
            {
                Tensor weights = Range(store.Weights, offset, length), gradients = Range(store.Gradients, offset, length);
                Tensor first = Range(_first, offset, length), second = Range(_second, offset, length);
                if (_first.DType == DType.BF16)
                    kernels.AdamWCompact(weights, first, second, gradients, scalars, constants, new(_seed, (uint)offset));
                else
                    kernels.AdamW(weights, first, second, gradients, scalars, constants);
            }
        }
    }

    public void Dispose() => _state.Dispose();

    static DType TypeOf(Storage moments) => moments == Storage.BF16 ? DType.BF16 : DType.F32;

    static Tensor Range(Tensor flat, long offset, long length) =>
        new(flat.Device, flat.Address + (nint)(offset * flat.DType.SizeInBytes()), flat.DType, new Shape((int)length));
}
