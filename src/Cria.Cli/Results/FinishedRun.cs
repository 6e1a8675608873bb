using System.Text.Json.Serialization;

namespace Cria.Cli.Results;

/// <summary>
/// result.json: what a finished run was, what it consumed and how good it became. Whoever compares runs reads this, the metrics and
/// the recipe beside it, and nothing else. <see cref="ResultFile"/> reads and writes it.
/// </summary>
sealed record FinishedRun
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Of the resolved recipe without its paths, as checkpoints record it.</summary>
    public required string RecipeHash { get; init; }

    /// <summary>Of the manifest of the training tokens.</summary>
    public required string DataHash { get; init; }

    public required string TokenizerHash { get; init; }

    public required string ModelType { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Targets learned from.</summary>
    public required long Tokens { get; init; }

    public required long FlopsPerToken { get; init; }

    /// <summary>What is counted in <see cref="FlopsPerToken"/>.</summary>
    public required string FlopsFormula { get; init; }

    /// <summary>Of all steps, however often the run was stopped between them; evaluation and checkpoints are not in it.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>As <c>stop.time</c> counts them: from the first step to the saved model with its last evaluation; 0 in files of earlier
    /// versions.</summary>
    public double ClockSeconds { get; init; }

    public required int Threads { get; init; }

    public required ValidationFigures Validation { get; init; }

    /// <summary>Other runs whose models went into this one: teachers, a checkpoint to start from.</summary>
    public IReadOnlyList<ConsumedRun> Consumed { get; init; } = [];

    /// <summary>What else was measured; null where only the loss was.</summary>
    public RunFigures? Figures { get; init; }

    public required string Kernels { get; init; }

    public required string Machine { get; init; }

    /// <summary>Version and commit of the program.</summary>
    public required string Program { get; init; }

    [JsonIgnore]
    public double TrainingFlops => (double)Tokens * FlopsPerToken;

    [JsonIgnore]
    public double TokensPerSecond => Tokens / TrainingSeconds;
}

/// <summary>The loss on the whole validation set.</summary>
/// <param name="Hash">Of the manifest of its tokens: what makes two losses comparable.</param>
/// <param name="Nats">Summed over all targets.</param>
/// <param name="Tokens">The targets, the end of each document among them.</param>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="NatsPerToken">The loss, for whoever reads the file.</param>
/// <param name="BitsPerByte">Likewise; independent of the tokenizer.</param>
/// <param name="LossesHash">The sha256 of <see cref="ChunkLosses.FileName"/> beside it.</param>
sealed record ValidationFigures(
    string Hash, double Nats, long Tokens, long Bytes, double NatsPerToken, double BitsPerByte, string LossesHash);

/// <summary>What another run cost, for the ledger.</summary>
sealed record ConsumedRun(string Name, string RecipeHash, double Flops, double Seconds);

[JsonSerializable(typeof(FinishedRun))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)] // a run that diverged ends at NaN
sealed partial class FinishedRunJson : JsonSerializerContext;
