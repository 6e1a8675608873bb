namespace Cria.Data.Tokenizers;

/// <summary>Which of several equally frequent pairs merges first.</summary>
public enum MergeTies
{
    /// <summary>The smallest (left id, right id): Hugging Face's rule.</summary>
    SmallestIds,

    /// <summary>The greatest (left bytes, right bytes), compared byte by byte: the rule of Stanford's CS336.</summary>
    GreatestBytes,
}

/// <summary>What a <see cref="BpeTrainer"/> makes.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>
    /// Special tokens, 256 bytes and merges together. Training ends earlier where no pair is frequent enough.
    /// </summary>
    public required int VocabSize { get; init; }

    /// <summary>A pair that occurs less often makes no token.</summary>
    public long MinFrequency { get; init; } = 2;

    /// <summary>Names of the special tokens, which get the first ids. Inside documents they are text.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [BpeModel.EndOfText];

    public MergeTies Ties { get; init; } = MergeTies.SmallestIds;

    public IWordSplitter Splitter { get; init; } = Gpt2Splitter.Instance;

    /// <inheritdoc cref="BpeModel.AddPrefixSpace"/>
    public bool AddPrefixSpace { get; init; }

    /// <summary>Threads that count words; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far training has come: bytes whose words are counted, then tokens of the vocabulary.</summary>
public readonly record struct BpeTrainerProgress(long CountedBytes, int VocabSize, int TargetVocabSize);
