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

    internal void Check()
    {
        if (Path is null && VocabSize < 257)
            throw new DataException($"tokenizer.vocab_size is {VocabSize}; a byte-level vocabulary has at least 257 tokens.");
        if (Path is null && MinFrequency < 1)
            throw new DataException($"tokenizer.min_frequency is {MinFrequency}; give at least 1.");
    }
}

/// <summary>How tokens are packed.</summary>
public sealed record CorpusShards
{
    /// <summary>Ids in every file but the last.</summary>
    public long TokensPerShard { get; init; } = 1 << 26;

    internal void Check()
    {
        if (TokensPerShard < 1)
            throw new DataException($"shards.tokens_per_shard is {TokensPerShard}; give at least 1, such as {1 << 26}.");
    }
}
