using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="Sophia"/>.</summary>
public sealed record SophiaRecipe : OptimizerRecipe
{
    public SophiaRecipe() => (LearningRate, WeightDecay) = (6e-4f, 0.2f);

    public override string Type => "sophia";

    public float Beta1 { get; init; } = 0.965f;

    /// <summary>What of the curvature stays at an estimate.</summary>
    public float Beta2 { get; init; } = 0.99f;

    /// <summary>ρ: a momentum below ρ times the curvature goes unclipped. Tune it until the win rate lies between 0.1 and 0.5.</summary>
    public float Rho { get; init; } = 0.05f;

    public float Epsilon { get; init; } = 1e-12f;

    /// <summary>Updates from one estimate of the curvature to the next; each costs another forward and backward pass.</summary>
    public int CurvatureEvery { get; init; } = 10;

    /// <summary>
    /// The tokens of the estimator's factor B; 0 takes those that the step really has. Another number only repeats runs of programs
    /// that fix it, whatever the batch.
    /// </summary>
    public int BatchTokens { get; init; }

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new Sophia(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) =>
        FlatState.StateBytes(store, SophiaUpdate.Slots) + Sophia.OwnBytes;

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckBeta("beta2", Beta2);
        CheckEpsilon(Epsilon);
        if (!(Rho > 0 && float.IsFinite(Rho)))
            throw new ConfigException($"optimizer.rho {Rho} is not above 0; 0.05 is usual.");
        if (CurvatureEvery < 1)
            throw new ConfigException($"optimizer.curvature_every {CurvatureEvery} is less than 1, every step; 10 is usual.");
        if (BatchTokens < 0)
            throw new ConfigException($"optimizer.batch_tokens {BatchTokens} must be 0, for the tokens of the step, or more.");
    }

    public override void Check(Recipe recipe)
    {
        if (recipe.Loss is not CrossEntropyRecipe)
            throw new ConfigException($"optimizer.type {Type} draws labels from the softmax of a cross-entropy, and loss.type is " +
                $"{recipe.Loss.Type}; use loss: {{type: cross_entropy}}, or another optimizer.");
    }
}

/// <summary>
/// Sophia-G: momentum over the diagonal of the Gauss-Newton matrix, clipped element by element. Liu et al. 2023, "Sophia: a
/// scalable stochastic second-order optimizer for language model pre-training", algorithms 2 and 3.
/// </summary>
/// <remarks>
/// The Gauss-Newton-Bartlett estimator is B · ĝ ⊙ ĝ, with ĝ the gradient of the mean loss of B tokens against labels drawn from the
/// model. B is in the state, so steps of other sizes weigh as they should; ĝ is not clipped.
/// </remarks>
sealed class Sophia : ICurvatureOptimizer
{
    readonly SophiaRecipe _constants;
    readonly FlatState _state;
    readonly ParameterGroup[] _groups;
    readonly DeviceMemory _memory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];
    readonly long _parameters;
    bool _hasEstimate;

    public Sophia(SophiaRecipe constants, Recipe recipe, ParameterStore store)
    {
        (_constants, _parameters) = (constants, store.Count);
        _groups = ParameterGroups.Of(recipe, store);
        _state = new(store, "momentum", "curvature");
        _memory = store.Device.Allocate(OwnBytes);
        _scalars = _memory.Tensor(DType.F32, new Shape(_host.Length));
        Labels = new(recipe.Seed, _memory.Tensor(DType.I32, new Shape(3), (long)_host.Length * sizeof(float)));
    }

    /// <summary>What it allocates beside its state.</summary>
    public static long OwnBytes => (long)StepScalar.Count * sizeof(float) + SampledLabels.PlaceBytes;

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public SampledLabels Labels { get; }

    public float WinRate
    {
        get
        {
            if (!_hasEstimate)
                return float.NaN;
            _scalars.Read<float>(_host);
            float norm = _host[(int)StepScalar.GradientNorm]; // of ones and zeros: the root of how many ones there are
            return norm * norm / _parameters;
        }
    }

    public bool IsDue(int update) => (update - 1) % _constants.CurvatureEvery == 0;

    public void Prepare(Span<float> scalars, int update)
    {
        // nothing of Sophia's changes but the learning rate
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
            _state.Update(kernels, store, scalars, group, new SophiaUpdate(
                _constants.Beta1, _constants.Rho, _constants.Epsilon, group.WeightDecay, group.LearningRateFactor));
    }

    public void AddCurvature(IKernels kernels, ParameterStore store, long tokens)
    {
        double batch = _constants.BatchTokens > 0 ? _constants.BatchTokens : tokens;
        _host[(int)StepScalar.Factor1] = (float)((1 - _constants.Beta2) * batch);
        _scalars.Write<float>(_host);
        kernels.ClipByGlobalNorm(_scalars, store.Gradients, maxNorm: 0); // not finite: the curvature stays as it is
        Tensor momentum = Slots[0].State, curvature = Slots[1].State;
        foreach (var group in _groups)
            for (int i = 0; i < group.Ranges.Count; i++)
            {
                var range = group.Ranges[i];
                Tensor gradients = FlatState.Range(store.Gradients, range), h = FlatState.Range(curvature, range);
                kernels.Update(h, default, default, default, gradients, _scalars, new CurvatureUpdate(_constants.Beta2));
                kernels.Update(gradients, FlatState.Range(momentum, range), h, default, gradients, _scalars,
                    new UnclippedMark(_constants.Rho, _constants.Epsilon));
            }
        kernels.ClipByGlobalNorm(_scalars, store.Gradients, maxNorm: 0);
        _hasEstimate = true;
    }

    public void Dispose()
    {
        _state.Dispose();
        _memory.Dispose();
    }

    /// <summary>h = β₂·h + (1 − β₂)·B·ĝ², where h stands in the place of the weights. The step's first factor is (1 − β₂)·B.</summary>
    readonly struct CurvatureUpdate(float beta2) : IUpdate
    {
        public static string Name => "sophia's curvature";

        public static int Slots => 0;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V> =>
            S.MulAdd(S.Splat(beta2), weight, S.Multiply(S.Multiply(S.Splat(step[StepScalar.Factor1]), gradient), gradient));
    }

    /// <summary>1 where a momentum that is not 0 goes unclipped, else 0, in the place of the gradient.</summary>
    readonly struct UnclippedMark(float rho, float epsilon) : IUpdate
    {
        public static string Name => "sophia's win rate";

        public static int Slots => 2;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            V zero = S.Splat(0), size = S.Abs(first);
            V curvature = S.Max(S.Multiply(S.Splat(rho), second), S.Splat(epsilon));
            V mark = S.Select(S.GreaterThan(curvature, size), S.Splat(1), zero);
            return S.Select(S.GreaterThan(size, zero), mark, zero);
        }
    }
}

/// <summary>m = β₁·m + (1 − β₁)·g, w = w − η·(clip(m / max(ρ·h, ε), 1) + λ·w). Where h is 0, only the momentum's sign is left.</summary>
readonly struct SophiaUpdate(float beta1, float rho, float epsilon, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "sophia";

    public static int Slots => 2;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        V one = S.Splat(1);
        first = S.MulAdd(S.Splat(beta1), first, S.Multiply(S.Splat(1 - beta1), gradient));
        V ratio = S.Divide(first, S.Max(S.Multiply(S.Splat(rho), second), S.Splat(epsilon)));
        V clipped = S.Max(S.Min(ratio, one), S.Negate(one));
        return S.MulAdd(S.Splat(-(step.LearningRate * rateFactor)), S.MulAdd(S.Splat(weightDecay), weight, clipped), weight);
    }
}
