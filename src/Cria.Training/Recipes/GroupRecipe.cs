namespace Cria.Training.Recipes;

/// <summary>
/// A rule for some of the parameters. It sets what it names and leaves the rest to the rules before it, of which the first is the
/// program's own: see <see cref="Optimizers.ParameterGroups"/>.
/// </summary>
public sealed record GroupRecipe
{
    /// <summary>
    /// Whom it is for: kinds (matrices, embeddings, heads, norms, biases), or parameter names in which * stands for anything, such as
    /// <c>model.layers.0.*</c>.
    /// </summary>
    public required string[] Match { get; init; }

    /// <summary>In the place of the optimizer's.</summary>
    public float? WeightDecay { get; init; }

    /// <summary>What the learning rate of every step is multiplied by.</summary>
    public float? LearningRateFactor { get; init; }
}
