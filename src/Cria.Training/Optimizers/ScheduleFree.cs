using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Averaging;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="ScheduleFree"/>, whose schedule is constant after its warm-up.</summary>
public sealed record ScheduleFreeRecipe : SecondMomentRecipe
{
    public override string Type => "schedule_free";

    /// <summary>How far gradients are taken from the newest point towards the average: 1 would be at the average itself.</summary>
    public float Beta1 { get; init; } = 0.9f;

    public override float Beta2 { get; init; } = 0.999f;

    public float Epsilon { get; init; } = 1e-8f;

    public override bool HasEvaluationWeights => true;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new ScheduleFree(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) =>
        FlatState.StateBytes(store, ScheduleFreeUpdate.Slots) + (long)StepScalar.Count * sizeof(float);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckEpsilon(Epsilon);
        if (Beta1 == 0)
            throw new ConfigException("optimizer.beta1 0 would never take a gradient near the average that is evaluated; 0.9 is usual.");
    }

    public override void Check(Recipe recipe)
    {
        if (recipe.Schedule is not ConstantRecipe { WarmupFrom: null })
            throw new ConfigException($"optimizer.type {Type} averages instead of following a schedule; give it schedule: " +
                $"{{type: constant, warmup_steps: {recipe.Schedule.WarmupSteps}}} and no warmup_from.");
    }
}

/// <summary>
/// AdamW without a schedule: steps go from z, their average x is what is evaluated and saved, and gradients are taken at y between
/// the two. The weights in training are y. Defazio et al. 2024, "The road less scheduled", algorithm 1.
/// </summary>
/// <remarks>
/// Instead of z the state holds z − y: it starts at zero whatever the weights start from, and x is y + (1 − 1/β₁)·(z − y). A step
/// weighs in the average as the square of its learning rate, so the newest one's share follows from the update's number.
/// </remarks>
sealed class ScheduleFree : IOptimizer, IEvaluationWeights
{
    readonly ScheduleFreeRecipe _constants;
    readonly ParameterStore _store;
    readonly FlatState _state;
    readonly ParameterGroup[] _groups;
    readonly DeviceMemory _memory;
    readonly Tensor _unclipped;
    readonly int _warmupSteps;

    public ScheduleFree(ScheduleFreeRecipe constants, Recipe recipe, ParameterStore store)
    {
        (_constants, _store, _warmupSteps) = (constants, store, recipe.Schedule.WarmupSteps);
        _groups = ParameterGroups.Of(recipe, store);
        _state = new(store, "offset", "second_moment");
        float[] scalars = new float[(int)StepScalar.Count];
        scalars[(int)StepScalar.ClipFactor] = 1;
        _memory = store.Device.Allocate(scalars.Length * sizeof(float));
        _unclipped = _memory.Tensor(DType.F32, new Shape(scalars.Length));
        _unclipped.Write<float>(scalars);
    }

    public string Name => "schedule_free";

    public bool Exists => true;

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public void Prepare(Span<float> scalars, int update)
    {
        double newest = Newest(update);
        scalars[(int)StepScalar.Factor1] = 1 / (float)(1 - Math.Pow(_constants.Beta2, update));
        scalars[(int)StepScalar.Factor2] = (float)newest;
        scalars[(int)StepScalar.Factor3] = (float)(1 - newest);
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
            _state.Update(kernels, store, scalars, group, new ScheduleFreeUpdate(
                _constants.Beta1, _constants.Beta2, _constants.Epsilon, group.WeightDecay, group.LearningRateFactor));
    }

    public void Write(IKernels kernels, Tensor destination)
    {
        if (destination.Address != _store.Weights.Address)
            _store.Weights.CopyTo(destination);
        kernels.Update(destination, default, default, default, Slots[0].State, _unclipped, new ToAverage(1 - 1 / _constants.Beta1));
    }

    public void Dispose()
    {
        _state.Dispose();
        _memory.Dispose();
    }

    // cₜ = wₜ / Σ w, with w the warm-up's square; the sum of squares up to the warm-up's end has a closed form.
    double Newest(int step)
    {
        double warmup = _warmupSteps, squares = Math.Min(step, warmup), weight = step < warmup ? step / warmup : 1;
        double sum = (warmup > 0 ? squares * (squares + 1) * (2 * squares + 1) / (6 * warmup * warmup) : 0) + Math.Max(0, step - warmup);
        return weight * weight / sum;
    }

    readonly struct ToAverage(float share) : IUpdate
    {
        public static string Name => "schedule-free average";

        public static int Slots => 0;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V> => S.MulAdd(S.Splat(share), gradient, weight);
    }
}

/// <summary>
/// v = β₂·v + (1 − β₂)·g², d = g / (√v̂ + ε) + λ·y, y = y + c·(z − y) − η·(1 − β₁·(1 − c))·d and z = z − η·d, of which the state holds
/// z − y = (1 − c)·(z − y − η·β₁·d). The step's first factor makes v̂ of v, the second is c, the third 1 − c.
/// </summary>
readonly struct ScheduleFreeUpdate(float beta1, float beta2, float epsilon, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "schedule-free";

    public static int Slots => 2;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        float rate = step.LearningRate * rateFactor;
        V newest = S.Splat(step[StepScalar.Factor2]), rest = S.Splat(step[StepScalar.Factor3]), beta = S.Splat(beta1);
        second = S.MulAdd(S.Splat(beta2), second, S.Multiply(S.Multiply(S.Splat(1 - beta2), gradient), gradient));
        V root = S.Add(S.Sqrt(S.Multiply(second, S.Splat(step[StepScalar.Factor1]))), S.Splat(epsilon));
        V move = S.Multiply(S.Splat(-rate), S.MulAdd(S.Splat(weightDecay), weight, S.Divide(gradient, root))); // −η·d
        V own = S.Subtract(S.Splat(1), S.Multiply(beta, rest));
        weight = S.MulAdd(own, move, S.MulAdd(newest, first, weight));
        first = S.Multiply(rest, S.MulAdd(beta, move, first));
        return weight;
    }
}
