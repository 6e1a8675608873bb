namespace Cria.Data.Shards.Foreign;

/// <summary>What the files of other programs do not say of themselves.</summary>
public sealed record TokenFileOptions
{
    /// <summary>Every id is below it; files without a header have two bytes an id up to 65,536 and four above.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The id that stands between documents.</summary>
    public required int EndOfText { get; init; }

    /// <summary>SHA-256 of the canonical tokenizer.json that is believed to have made the ids; null where nobody
    /// knows.</summary>
    public string? TokenizerSha256 { get; init; }
}
