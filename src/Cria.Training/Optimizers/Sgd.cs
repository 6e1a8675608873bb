using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="Sgd"/>.</summary>
public sealed record SgdRecipe : OptimizerRecipe
{
    public SgdRecipe() => (LearningRate, WeightDecay) = (0.1f, 1e-4f);

    public override string Type => "sgd";

    /// <summary>What of the momentum stays; 0 for none.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Steps go where the momentum will be, not where it is.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// Adds the decay to the gradient, from where it passes through the momentum (an L2 penalty, which is what PyTorch's SGD does),
    /// instead of taking it from the weights beside the step.
    /// </summary>
    public bool CoupledDecay { get; init; }

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new Sgd(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) => FlatState.StateBytes(store, SgdUpdate.Slots);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("momentum", Momentum);
        if (Nesterov && Momentum == 0)
            throw new ConfigException(
                "optimizer.nesterov true needs a momentum, and optimizer.momentum is 0; set it to 0.9, or leave nesterov out.");
    }
}

/// <summary>
/// Gradient descent with momentum: Polyak 1964; Nesterov's as Sutskever et al. 2013, "On the importance of initialization and
/// momentum in deep learning", write it for a step that has its gradient already.
/// </summary>
sealed class Sgd(SgdRecipe constants, Recipe recipe, ParameterStore store) : IOptimizer
{
    readonly FlatState _state = new(store, "momentum");
    readonly ParameterGroup[] _groups = ParameterGroups.Of(recipe, store);

    public IReadOnlyList<(string Name, Tensor State)> Slots => _state.Slots;

    public void Prepare(Span<float> scalars, int update)
    {
        // nothing of SGD's changes but the learning rate
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var group in _groups)
            _state.Update(kernels, store, scalars, group, new SgdUpdate(constants, group.WeightDecay, group.LearningRateFactor));
    }

    public void Dispose() => _state.Dispose();
}

/// <summary>
/// m = μ·m + g, w = w − η·(m + λ·w); with Nesterov's momentum g + μ·m in the place of m, with a coupled decay g + λ·w in the place of g
/// and nothing beside the step.
/// </summary>
readonly struct SgdUpdate : IUpdate
{
    readonly float _momentum, _gradientShare, _momentumShare, _coupled, _decoupled, _rateFactor;

    public SgdUpdate(SgdRecipe constants, float weightDecay, float rateFactor)
    {
        _momentum = constants.Momentum;
        (_gradientShare, _momentumShare) = constants.Nesterov ? (1f, constants.Momentum) : (0f, 1f);
        (_coupled, _decoupled) = constants.CoupledDecay ? (weightDecay, 0f) : (0f, weightDecay);
        _rateFactor = rateFactor;
    }

    public static string Name => "sgd";

    public static int Slots => 1;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        V pull = S.MulAdd(S.Splat(_coupled), weight, gradient);
        first = S.MulAdd(S.Splat(_momentum), first, pull);
        V direction = S.MulAdd(S.Splat(_momentumShare), first, S.Multiply(S.Splat(_gradientShare), pull));
        return S.MulAdd(S.Splat(-(step.LearningRate * _rateFactor)), S.MulAdd(S.Splat(_decoupled), weight, direction), weight);
    }
}
