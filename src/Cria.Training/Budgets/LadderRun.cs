namespace Cria.Training.Budgets;

/// <summary>A finished run, as far as laws are fitted to it.</summary>
public record LadderRun
{
    /// <summary>Parameters of the blocks.</summary>
    public required long Body { get; init; }

    /// <summary>Parameters of the embedding.</summary>
    public required long Embedding { get; init; }

    /// <summary>V</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Tokens trained on, repetitions included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Bytes of text that these tokens stand for.</summary>
    public required double SeenBytes { get; init; }

    /// <summary>Bytes of training text there are.</summary>
    public required double UniqueBytes { get; init; }

    /// <summary>On all of the validation text, at the end.</summary>
    public required double BitsPerByte { get; init; }

    public long Parameters => Body + Embedding;
}
