using Cria.Data;

namespace Cria.Cli.Verbs;

/// <summary>What <c>cria data stats</c> found in one path.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Format"><c>text</c>, <c>shards</c>, or the format of token files.</param>
/// <param name="Found">The documents; null for token files whose tokenizer nobody named.</param>
/// <param name="Stored">What lies in files of ids; null for text.</param>
sealed record MeasuredPath(string Path, string Format, DataStatistics? Found, StoredIds? Stored)
{
    public object ToJson() => new
    {
        Path,
        Format,
        Found?.Documents,
        Found?.Bytes,
        Found?.Tokens,
        Found?.TokensPerByte,
        Found?.Duplicates,
        Found?.Groups,
        Found?.BytesPerDocument,
        StoredTokens = Stored?.Tokens,
        StoredBytes = Stored?.Bytes,
        Stored?.VocabSize,
    };

    public string ToLine() => $"{Path}: " + string.Join(", ", Parts());

    IEnumerable<string> Parts()
    {
        if (Found is not null)
            yield return $"{Found.Documents} documents, {Found.Bytes} bytes";
        if (Found?.Tokens is { } tokens)
            yield return $"{tokens} tokens, {Found.TokensPerByte:F3} tokens per byte";
        if (Found?.Duplicates is { } duplicates)
            yield return $"{duplicates} exact duplicates";
        if (Found?.Groups is { } groups)
            yield return $"{groups} groups";
        if (Stored is { } stored)
            yield return $"{stored.Tokens} ids in {stored.Bytes} bytes ({Format})";
        if (Stored?.VocabSize is { } vocabSize)
            yield return $"vocabulary {vocabSize}";
        else if (Stored is not null)
            yield return "the --tokenizer that made them counts the documents";
    }
}

/// <summary>What lies in files of ids.</summary>
/// <param name="Tokens">How many, those between documents included.</param>
/// <param name="Bytes">What the files take.</param>
/// <param name="VocabSize">Every id is below it; null where nobody says.</param>
readonly record struct StoredIds(long Tokens, long Bytes, int? VocabSize);
