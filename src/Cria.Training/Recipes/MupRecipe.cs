namespace Cria.Training.Recipes;

/// <summary>
/// Width transfer ("muP"): the learning rate, the start and the decay that were found at one width hold at others. See
/// <see cref="Transfer.WidthTransfer"/>.
/// </summary>
public sealed record MupRecipe
{
    /// <summary>The hidden_size at which the recipe means what it says; there nothing is changed.</summary>
    public required int BaseWidth { get; init; }

    /// <summary>The size of a head at that width, where it is not this model's; 0 where heads only grow in number.</summary>
    public int BaseHeadDim { get; init; }
}
