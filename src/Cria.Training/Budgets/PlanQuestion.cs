using Cria.Models;

namespace Cria.Training.Budgets;

/// <summary>What a plan is made for.</summary>
public sealed record PlanQuestion
{
    /// <summary>Long enough for a paragraph, short enough that attention costs little.</summary>
    public const int UsualLength = 256;

    /// <summary>Seconds to train, from the first step to the end of the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>The text to learn from.</summary>
    public required CorpusSize Corpus { get; init; }

    /// <summary>T</summary>
    public int Length { get; init; } = UsualLength;

    /// <summary>Bytes that weights, gradients, moments and activations may take.</summary>
    public long MemoryBytes { get; init; } = long.MaxValue;

    /// <summary>Only models of about so many parameters; 0 for any.</summary>
    public long Parameters { get; init; }

    /// <summary>Only this model; null for any.</summary>
    public LlamaConfig? Model { get; init; }

    /// <summary>Tokens of a step; 0 by rule.</summary>
    public int TokensPerStep { get; init; }
}

/// <summary>A corpus, as far as plans depend on it.</summary>
/// <param name="Bytes">UTF-8 bytes of training text, each counted once.</param>
/// <param name="BytesPerToken">V → how much text a token holds, for the vocabularies to choose from.</param>
public sealed record CorpusSize(double Bytes, IReadOnlyDictionary<int, double> BytesPerToken)
{
    /// <summary>English prose (children's classics) by our own byte-level BPE; for plans without a text.</summary>
    public static IReadOnlyDictionary<int, double> EnglishProse { get; } = new SortedDictionary<int, double>
    {
        [1024] = 2.72,
        [2048] = 3.18,
        [4096] = 3.57,
        [8192] = 3.89,
        [16384] = 4.12,
    };
}
