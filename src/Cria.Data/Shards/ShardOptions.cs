namespace Cria.Data.Shards;

/// <summary>What a <see cref="ShardWriter"/> must know before the first document.</summary>
public sealed record ShardOptions
{
    /// <summary>SHA-256 of the canonical tokenizer.json: 64 lower-case hexadecimal digits.</summary>
    public required string TokenizerSha256 { get; init; }

    /// <summary>Ids are below this; up to 65,536 they are stored as uint16, above as uint32.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The id that opens every document and closes the last.</summary>
    public required int EndOfText { get; init; }

    /// <summary>Ids in every file but the last.</summary>
    public long TokensPerShard { get; init; } = 1 << 26;
}
