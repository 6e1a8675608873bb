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

    /// <summary>Ids in every file but the last of a run.</summary>
    public long TokensPerShard { get; init; } = 1 << 26;

    internal int BytesPerToken => TokenBytes.Width(VocabSize);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(VocabSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TokensPerShard, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EndOfText);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(EndOfText, VocabSize);
    }

    /// <exception cref="DataException">An id is no text of this vocabulary.</exception>
    internal void CheckIds(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)VocabSize || id == EndOfText)
            {
                throw new DataException($"A document has the id {id}; expected 0 to {VocabSize - 1} without {EndOfText}, which only " +
                    "separates documents; encode it with the tokenizer of this set, special tokens as text.");
            }
        }
    }
}
