using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>How a recipe is carried out; nothing here changes what is trained.</summary>
sealed record RunOptions
{
    /// <summary>Continue what is in the folder.</summary>
    public required bool Resume { get; init; }

    /// <summary>At least 1.</summary>
    public required int Threads { get; init; }

    /// <summary>Print the result as JSON instead of words.</summary>
    public bool Json { get; init; }

    /// <summary>Print no result: whoever asked reads it in the run's folder.</summary>
    public bool Silent { get; init; }

    /// <summary>Train and measure the loss, and nothing beside: no trigram, no grammar, no samples, no page.</summary>
    public bool Brief { get; init; }

    /// <summary>How an earlier run estimated its last step, to be followed in the place of the clock; null follows the recipe.</summary>
    public IReadOnlyList<StepEstimate>? Estimates { get; init; }

    /// <summary>Save and stop after this step, with the loss measured there; null trains to the end.</summary>
    public int? Until { get; init; }
}
