using Cria.Cli.Results;
using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;
using Cria.Evaluation.Words;

namespace Cria.Cli.Runs;

/// <summary>Everything that was measured of a finished run: what the report shows and <c>--json</c> prints.</summary>
sealed record RunResult
{
    public required long Parameters { get; init; }

    public required long TrainedTokens { get; init; }

    public required double TrainingSeconds { get; init; }

    public required double ShareOfMatmulPeak { get; init; }

    /// <summary>On the whole validation set.</summary>
    public required TextLikelihood Model { get; init; }

    /// <summary>The same, chunk by chunk.</summary>
    public required ChunkLosses Losses { get; init; }

    /// <summary>The Kneser–Ney trigram on the same tokens, where it was trained.</summary>
    public TextLikelihood? Trigram { get; init; }

    /// <summary>The true entropy of generated text, in bits per byte.</summary>
    public double? Floor { get; init; }

    /// <summary>How much of the way from the trigram down to the floor the model went.</summary>
    public double? ShareOfTheWay => Trigram is { } trigram && Floor is { } floor
        ? TextLikelihood.ShareOfTheWay(trigram.BitsPerByte, floor, Model.BitsPerByte)
        : null;

    public MinimalPairResult? ModelPairs { get; init; }

    public MinimalPairResult? TrigramPairs { get; init; }

    /// <summary>Generated words that occur in the training text.</summary>
    public WordOverlapResult? Words { get; init; }

    public IReadOnlyList<(string Prompt, string Text)> Samples { get; init; } = [];
}
