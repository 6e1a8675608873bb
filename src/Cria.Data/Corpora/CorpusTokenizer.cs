namespace Cria.Data.Corpora;

/// <summary>The tokenizer of a corpus: one that is there, or a byte-level BPE learned from the training text.</summary>
public sealed record CorpusTokenizer
{
    /// <summary>A tokenizer's file or folder; null: it is learned.</summary>
    public string? Path { get; init; }

    /// <summary>Tokens of the one that is learned.</summary>
    public int VocabSize { get; init; } = 8192;

    /// <summary>A pair that occurs less often makes no token.</summary>
    public long MinFrequency { get; init; } = 2;
}

/// <summary>How tokens are packed.</summary>
public sealed record CorpusShards
{
    /// <summary>Ids in every file but the last.</summary>
    public long TokensPerShard { get; init; } = 1 << 26;
}
