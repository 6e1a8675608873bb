using Cria.Models;

namespace Cria.Training.Recipes;

/// <summary>Of whom a generation learns.</summary>
public enum ChainTeachers
{
    /// <summary>Of the one before it.</summary>
    Last,

    /// <summary>Of all before it, together.</summary>
    All,
}

/// <summary>
/// Models that learn from each other in turn, each from new weights: the first from the text (or from the teachers that the recipe's
/// loss names), the others from the text and from those before them, as the loss says. Furlanello et al. 2018, "Born again neural
/// networks".
/// </summary>
public sealed record ChainRecipe
{
    /// <summary>How many models are trained, one after the other.</summary>
    public int Generations { get; init; } = 3;

    public ChainTeachers Teachers { get; init; }

    /// <summary>The recipe of one generation: its seed is one more than that of the one before it.</summary>
    /// <param name="recipe">Of the whole chain.</param>
    /// <param name="number">From 1.</param>
    /// <param name="before">The run folders of the generations before it.</param>
    public Recipe Generation(Recipe recipe, int number, IReadOnlyList<string> before)
    {
        var distillation = (DistillationRecipe)recipe.Loss;
        LossRecipe loss = number > 1
            ? distillation with { Teachers = Teachers == ChainTeachers.All ? [.. before] : [before[^1]] }
            : distillation.Teachers.Length > 0 ? distillation : new CrossEntropyRecipe();
        return recipe with
        {
            Name = $"{recipe.Name}-{number}",
            Seed = recipe.Seed + (ulong)number - 1,
            Loss = loss,
            Checkpoint = loss.IsEvaluated ? recipe.Checkpoint : recipe.Checkpoint with { BestBy = BestLoss.CrossEntropy },
            Chain = null,
        };
    }

    /// <exception cref="ConfigException">A value is out of its range, or the loss does not say how to learn from a teacher.</exception>
    public void Validate(LossRecipe loss)
    {
        if (Generations is < 1 or > 1000)
            throw new ConfigException($"chain.generations {Generations} does not lie between 1 and 1000; 2 to 5 are usual.");
        if (loss is not DistillationRecipe distillation)
            throw new ConfigException("chain needs loss: {type: distillation}, which says how a generation learns from the ones before it.");
        (distillation with { Teachers = ["the generation before"] }).Validate();
    }
}
