using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="AdEmaMix"/>.</summary>
public sealed record AdEmaMixRecipe : SecondMomentRecipe
{
    public override string Type => "ademamix";

    public float Beta1 { get; init; } = 0.9f;

    public override float Beta2 { get; init; } = 0.999f;

    /// <summary>Of the slow average: what it forgets half of in ln 2 / (1 − β₃) steps.</summary>
    public float Beta3 { get; init; } = 0.9999f;

    /// <summary>How much of the slow average goes into a step.</summary>
    public float Alpha { get; init; } = 5;

    /// <summary>Steps over which alpha grows from 0; left out, all of the run's.</summary>
    public int? AlphaWarmupSteps { get; init; }

    /// <summary>Steps over which the slow average's half-life grows from the fast one's; left out, all of the run's.</summary>
    public int? Beta3WarmupSteps { get; init; }

    public float Epsilon { get; init; } = 1e-8f;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new AdEmaMix(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) => FlatState.StateBytes(store, AdEmaMixUpdate.Slots);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckBeta("beta3", Beta3);
        CheckEpsilon(Epsilon);
        if (!(Alpha >= 0 && float.IsFinite(Alpha)))
            throw new ConfigException($"optimizer.alpha {Alpha} must be 0 or more; 5 to 8 are usual.");
        if (!(Beta1 > 0 && Beta3 >= Beta1))
            throw new ConfigException($"optimizer.beta3 {Beta3} must not be below beta1 {Beta1}, and that must be above 0: " +
                "the slow average starts as the fast one.");
        if (AlphaWarmupSteps < 0 || Beta3WarmupSteps < 0)
            throw new ConfigException(
                $"optimizer.alpha_warmup_steps {AlphaWarmupSteps} and optimizer.beta3_warmup_steps {Beta3WarmupSteps} must be 0 or more.");
    }

    public override void Check(Recipe recipe)
    {
        if (recipe.Stop?.Time is not null && (AlphaWarmupSteps is null || Beta3WarmupSteps is null))
            throw new ConfigException("optimizer.alpha_warmup_steps and optimizer.beta3_warmup_steps, where they are left out, are all " +
                "of a run's steps, and a run that ends after a time does not know them; give both.");
    }

    /// <summary>The steps of a warm-up.</summary>
    internal int Warmup(int? given, Recipe recipe) => given ?? Stops.Steps(recipe, BatchSplit.TokensPerStep(recipe))!.Value;
}

/// <summary>
/// AdamW with a second, much slower average of the gradients beside the first, both warmed up. Pagliardini, Ablin and Grangier 2024,
/// "The AdEMAMix optimizer: better, faster, older", algorithm 1.
/// </summary>
sealed class AdEmaMix(AdEmaMixRecipe constants, Recipe recipe, ParameterStore store) : IOptimizer
{
    readonly FlatState _state = new(store, "fast_moment", "slow_moment", "second_moment");
    readonly ParameterGroup[] _groups = ParameterGroups.Of(recipe, store);
    readonly int _alphaWarmup = constants.Warmup(constants.AlphaWarmupSteps, recipe);
    readonly int _beta3Warmup = constants.Warmup(constants.Beta3WarmupSteps, recipe);

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public void Prepare(Span<float> scalars, int update)
    {
        scalars[(int)StepScalar.Factor1] = 1 / (float)(1 - Math.Pow(constants.Beta1, update));
        scalars[(int)StepScalar.Factor2] = 1 / (float)(1 - Math.Pow(constants.Beta2, update));
        scalars[(int)StepScalar.Factor3] = (float)(constants.Alpha * Done(update, _alphaWarmup));
        scalars[(int)StepScalar.Factor4] = (float)Beta3(Done(update, _beta3Warmup));
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
            _state.Update(kernels, store, scalars, group,
                new AdEmaMixUpdate(constants.Beta1, constants.Beta2, constants.Epsilon, group.WeightDecay, group.LearningRateFactor));
    }

    public void Dispose() => _state.Dispose();

    static double Done(int step, int warmup) => step < warmup ? (double)step / warmup : 1;

    // The half-life −ln 2 / ln β grows evenly from β₁'s to β₃'s: even steps of β itself would leave all of the growth to the end.
    double Beta3(double done)
    {
        double from = Math.Log(constants.Beta1), to = Math.Log(constants.Beta3);
        return done < 1 ? Math.Exp(from * to / ((1 - done) * to + done * from)) : constants.Beta3;
    }
}

/// <summary>
/// m₁ = β₁·m₁ + (1 − β₁)·g, m₂ = β₃·m₂ + (1 − β₃)·g, v = β₂·v + (1 − β₂)·g², w = w − η·((m̂₁ + α·m₂) / (√v̂ + ε) + λ·w). The step's
/// first two factors make m̂₁ of m₁ and v̂ of v, the third is α, the fourth β₃.
/// </summary>
readonly struct AdEmaMixUpdate(float beta1, float beta2, float epsilon, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "ademamix";

    public static int Slots => 3;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        float beta3 = step[StepScalar.Factor4];
        first = S.MulAdd(S.Splat(beta1), first, S.Multiply(S.Splat(1 - beta1), gradient));
        second = S.MulAdd(S.Splat(beta3), second, S.Multiply(S.Splat(1 - beta3), gradient));
        third = S.MulAdd(S.Splat(beta2), third, S.Multiply(S.Multiply(S.Splat(1 - beta2), gradient), gradient));
        V mix = S.MulAdd(S.Splat(step[StepScalar.Factor3]), second, S.Multiply(first, S.Splat(step[StepScalar.Factor1])));
        V root = S.Add(S.Sqrt(S.Multiply(third, S.Splat(step[StepScalar.Factor2]))), S.Splat(epsilon));
        return S.MulAdd(S.Splat(-(step.LearningRate * rateFactor)), S.MulAdd(S.Splat(weightDecay), weight, S.Divide(mix, root)), weight);
    }
}
