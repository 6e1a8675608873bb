using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>
/// The constants of <see cref="Lion"/>. Every weight moves by the whole learning rate in every step, so that is 3 to 10 times
/// smaller than AdamW's and the decay as many times larger.
/// </summary>
public sealed record LionRecipe : OptimizerRecipe
{
    public LionRecipe() => (LearningRate, WeightDecay) = (1e-4f, 1);

    public override string Type => "lion";

    /// <summary>The momentum's share in the direction of a step.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>What of the momentum stays.</summary>
    public float Beta2 { get; init; } = 0.99f;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new Lion(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) => FlatState.StateBytes(store, LionUpdate.Slots);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckBeta("beta2", Beta2);
    }
}

/// <summary>
/// The sign of a momentum that weighs the newest gradient more than it will be remembered. Chen et al. 2023, "Symbolic discovery of
/// optimization algorithms", algorithm 2.
/// </summary>
sealed class Lion(LionRecipe constants, Recipe recipe, ParameterStore store) : IOptimizer
{
    readonly FlatState _state = new(store, "momentum");
    readonly ParameterGroup[] _groups = ParameterGroups.Of(recipe, store);

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public void Prepare(Span<float> scalars, int update)
    {
        // nothing of Lion's changes but the learning rate
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
            _state.Update(kernels, store, scalars, group,
                new LionUpdate(constants.Beta1, constants.Beta2, group.WeightDecay, group.LearningRateFactor));
    }

    public void Dispose() => _state.Dispose();
}

/// <summary>w = w − η·(sign(β₁·m + (1 − β₁)·g) + λ·w), then m = β₂·m + (1 − β₂)·g. The sign of 0 is 0.</summary>
readonly struct LionUpdate(float beta1, float beta2, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "lion";

    public static int Slots => 1;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        V zero = S.Splat(0), one = S.Splat(1);
        V blend = S.MulAdd(S.Splat(beta1), first, S.Multiply(S.Splat(1 - beta1), gradient));
        V sign = S.Select(S.GreaterThan(blend, zero), one, S.Select(S.GreaterThan(zero, blend), S.Negate(one), zero));
        first = S.MulAdd(S.Splat(beta2), first, S.Multiply(S.Splat(1 - beta2), gradient));
        return S.MulAdd(S.Splat(-(step.LearningRate * rateFactor)), S.MulAdd(S.Splat(weightDecay), weight, sign), weight);
    }
}
