using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="AdamW"/>.</summary>
public sealed record AdamWRecipe : SecondMomentRecipe
{
    public override string Type => "adamw";

    public float Beta1 { get; init; } = 0.9f;

    public override float Beta2 { get; init; } = 0.95f;

    public float Epsilon { get; init; } = 1e-8f;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) =>
        recipe.Precision.Moments == Storage.BF16 ? new CompactAdamW(this, recipe, store) : new AdamW(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) =>
        recipe.Precision.Moments == Storage.BF16 ? CompactAdamW.StateBytes(store) : FlatState.StateBytes(store, AdamWUpdate.Slots);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckEpsilon(Epsilon);
    }
}

/// <summary>
/// Adam with decoupled weight decay: one fused pass over each group, by a kernel of its own, which is faster than
/// <see cref="AdamWUpdate"/> on one thread and gives the same bits. Loshchilov and Hutter 2019, algorithm 2.
/// </summary>
sealed class AdamW(AdamWRecipe constants, Recipe recipe, ParameterStore store) : IOptimizer
{
    readonly FlatState _state = new(store, "first_moment", "second_moment");
    readonly ParameterGroup[] _groups = ParameterGroups.Of(recipe, store);

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public void Prepare(Span<float> scalars, int update)
    {
        scalars[(int)StepScalar.BiasCorrection1] = (float)(1 - Math.Pow(constants.Beta1, update));
        scalars[(int)StepScalar.BiasCorrection2] = (float)(1 - Math.Pow(constants.Beta2, update));
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
        {
            var numbers = new AdamWConstants(
                constants.Beta1, constants.Beta2, constants.Epsilon, group.WeightDecay, group.LearningRateFactor);
            for (int i = 0; i < group.Ranges.Count; i++)
            {
                var range = group.Ranges[i];
                kernels.AdamW(FlatState.Range(store.Weights, range), FlatState.Range(Slots[0].State, range),
                    FlatState.Range(Slots[1].State, range), FlatState.Range(store.Gradients, range), scalars, numbers);
            }
        }
    }

    public void Dispose() => _state.Dispose();
}

/// <summary>
/// m = β₁·m + (1 − β₁)·g, v = β₂·v + (1 − β₂)·g², w = w − η·(m̂ / (√v̂ + ε) + λ·w). The step's first factor is 1 / (1 − β₁ᵗ) and
/// makes m̂ of m, the second is 1 / (1 − β₂ᵗ) and makes v̂ of v.
/// </summary>
public readonly struct AdamWUpdate(float beta1, float beta2, float epsilon, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "adamw";

    public static int Slots => 2;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        first = S.MulAdd(S.Splat(beta1), first, S.Multiply(S.Splat(1 - beta1), gradient));
        second = S.MulAdd(S.Splat(beta2), second, S.Multiply(S.Multiply(S.Splat(1 - beta2), gradient), gradient));
        V root = S.Add(S.Sqrt(S.Multiply(second, S.Splat(step[StepScalar.Factor2]))), S.Splat(epsilon));
        V direction = S.Divide(S.Multiply(first, S.Splat(step[StepScalar.Factor1])), root);
        return S.MulAdd(S.Splat(-(step.LearningRate * rateFactor)), S.MulAdd(S.Splat(weightDecay), weight, direction), weight);
    }
}
