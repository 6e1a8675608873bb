using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Data.Tokenizers;

/// <summary>Which of several equally frequent pairs merges first.</summary>
public enum MergeTies
{
    /// <summary>The smallest (left id, right id): Hugging Face's rule.</summary>
    SmallestIds,

    /// <summary>The greatest (left bytes, right bytes), compared byte by byte: the rule of Stanford's CS336.</summary>
    GreatestBytes,
}

/// <summary>Which bytes have a token of their own.</summary>
public enum ByteAlphabet
{
    /// <summary>All 256, so that every text can be encoded.</summary>
    All,

    /// <summary>Those of the training text; others vanish from a text that is encoded: Hugging Face's default.</summary>
    Seen,
}

/// <summary>What a <see cref="BpeTrainer"/> makes.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>
    /// Special tokens, bytes and merges together. Training ends earlier where no pair is frequent enough.
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

    /// <summary>Rewrites documents (or lines) before they are cut into words; part of the tokenizer. Null keeps them.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>
    /// Whether every line, with its end, is a text of its own: normalised, given its prefix space and cut into words by
    /// itself, as Hugging Face's trainer reads files. The tokenizer does not know of it.
    /// </summary>
    public bool ByLine { get; init; }

    public ByteAlphabet Alphabet { get; init; } = ByteAlphabet.All;

    /// <summary>
    /// Bytes that the distinct words may take, at least 1 MB. Where counting needs more, counts go through temporary files
    /// and stay exact; where merging needs more, the rarest words are left out: <see cref="WordStatistics"/> says which.
    /// </summary>
    public long MaxMemory { get; init; } = 8L << 30;

    /// <summary>Where temporary files lie, made where it is not there; null: the system's folder for them.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Threads that count words; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far training has come: bytes whose words are counted, then tokens of the vocabulary.</summary>
public readonly record struct BpeTrainerProgress(long CountedBytes, int VocabSize, int TargetVocabSize);
