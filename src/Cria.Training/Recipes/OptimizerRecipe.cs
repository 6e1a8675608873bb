using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;
using Cria.Training.Optimizers;

namespace Cria.Training.Recipes;

/// <summary>What every optimizer is told; each has a record of its own beneath this one, with its constants.</summary>
public abstract record OptimizerRecipe
{
    /// <summary>Its name in recipes: <c>adamw</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The highest; the schedule says what of it a step takes.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>
    /// The share of the weights that is taken from them in each step, times the learning rate and beside the gradient (decoupled),
    /// where a group decays.
    /// </summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Clip gradients to this global norm; 0 does not clip.</summary>
    public float MaxGradientNorm { get; init; } = 1;

    /// <summary>Rules for some of the parameters; later ones go before earlier ones, and all before the program's own.</summary>
    public GroupRecipe[] Groups { get; init; } = [];

    /// <summary>Whether the optimizer is an <see cref="Averaging.IEvaluationWeights"/> too: what it evaluates and leaves behind is not
    /// what it trains.</summary>
    public virtual bool HasEvaluationWeights => false;

    /// <summary>The recipe with what follows from the tokens of a step written out.</summary>
    public virtual OptimizerRecipe For(long tokensPerStep) => this;

    /// <summary>
    /// How the learning rate of a matrix follows the width where a recipe has mup: with 1 / widthᵖ. It is 1 where every number of a
    /// step has about the learning rate's size, as with Adam.
    /// </summary>
    public virtual float MatrixWidthPower => 1;

    /// <summary>Makes the optimizer, with its state allocated and zero.</summary>
    /// <param name="recipe">The run's, of which this is the optimizer.</param>
    /// <param name="store">Allocated with gradients.</param>
    public abstract IOptimizer Create(Recipe recipe, ParameterStore store);

    /// <summary>The bytes that <see cref="Create"/> allocates; the store needs no memory yet.</summary>
    public abstract long StateBytes(Recipe recipe, ParameterStore store);

    /// <summary>Tells what a step needs of the kernels' own memory, beside the norm of the gradients.</summary>
    public virtual void Demand(Recipe recipe, ParameterStore store, ScratchDemand demand)
    {
    }

    /// <summary>The ranges of its values.</summary>
    /// <exception cref="ConfigException">A value is out of its range; the message names it and the remedy.</exception>
    public virtual void Validate()
    {
        if (!(LearningRate > 0 && float.IsFinite(LearningRate)))
            throw new ConfigException($"optimizer.learning_rate {LearningRate} is not above 0; 1e-3 is a good start.");
        if (!(WeightDecay >= 0 && float.IsFinite(WeightDecay)))
            throw new ConfigException($"optimizer.weight_decay {WeightDecay} is not 0 or more; 0.1 is usual, and 0 leaves it out.");
        if (!(MaxGradientNorm >= 0))
            throw new ConfigException($"optimizer.max_gradient_norm {MaxGradientNorm} is not 0 or more; 1 is usual, and 0 does not clip.");
        if (!(WeightDecay * LearningRate < 1))
            throw new ConfigException($"optimizer.weight_decay {WeightDecay} times learning_rate {LearningRate} is {WeightDecay * LearningRate}, " +
                $"and a step takes that share of every weight away; make weight_decay less than {1 / LearningRate}, or learning_rate smaller.");
    }

    /// <summary>What it asks of the recipe's other sections.</summary>
    /// <exception cref="ConfigException">They do not fit; the message says which and how.</exception>
    public virtual void Check(Recipe recipe)
    {
        // most work with whatever else a recipe says
    }

    /// <summary>A share of an average that stays from step to step.</summary>
    protected static void CheckBeta(string key, float beta)
    {
        if (!(beta >= 0 && beta < 1))
            throw new ConfigException($"optimizer.{key} {beta} does not lie in [0, 1); 0.9 is usual.");
    }

    /// <summary>What is added to a denominator.</summary>
    protected static void CheckEpsilon(float epsilon)
    {
        if (!(epsilon > 0 && float.IsFinite(epsilon)))
            throw new ConfigException($"optimizer.epsilon {epsilon} is not above 0; 1e-8 is usual.");
    }
}
