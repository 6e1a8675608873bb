namespace Cria.Training.Stopping;

/// <summary>When a run ends: exactly one of these. <c>steps</c> beside it in the recipe says the first of them shorter.</summary>
public sealed record StopRecipe
{
    /// <summary>Optimizer steps.</summary>
    public int? Steps { get; init; }

    /// <summary>Tokens, padding included; as many whole steps as it takes to have at least so many.</summary>
    public long? Tokens { get; init; }

    /// <summary>
    /// Time of training on the clock, from the first step to the saved model with its last evaluation. Reading and preparing the
    /// data before, and what is measured of the model after it, do not count; nor does the time in which a stopped run stands still.
    /// </summary>
    public TimeSpan? Time { get; init; }
}
