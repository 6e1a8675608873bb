using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;
using Cria.Evaluation.Words;

namespace Cria.Cli.Results;

/// <summary>What a finished run was measured against beside its loss; what was not measured is null or empty.</summary>
sealed record RunFigures
{
    /// <summary>The Kneser–Ney trigram on the same tokens.</summary>
    public TextLikelihood? Trigram { get; init; }

    /// <summary>The true entropy of generated text, in bits per byte.</summary>
    public double? Floor { get; init; }

    public MinimalPairResult? ModelPairs { get; init; }

    public MinimalPairResult? TrigramPairs { get; init; }

    /// <summary>Generated words that occur in the training text.</summary>
    public WordOverlapResult? Words { get; init; }

    public IReadOnlyList<WrittenSample> Samples { get; init; } = [];
}

/// <summary>A text of the finished model's.</summary>
sealed record WrittenSample(string Prompt, string Text);
