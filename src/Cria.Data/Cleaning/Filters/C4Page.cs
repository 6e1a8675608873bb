namespace Cria.Data.Cleaning.Filters;

/// <summary>
/// The rules for pages of C4 (Raffel et al. 2020, section 2.2), to be asked after <see cref="Steps.C4Lines"/>: enough sentences, no dummy text
/// and no curly bracket, which stands in code and hardly ever in a sentence. Their list of bad words is not here.
/// </summary>
public sealed record C4Page : IDocumentFilter
{
    /// <inheritdoc/>
    public string Name => "C4 pages";

    /// <summary>Sentences at least: ends of words at <c>. ? !</c>.</summary>
    public int MinSentences { get; init; } = 3;

    /// <inheritdoc/>
    public string? Reason(string text)
    {
        if (text.Contains('{', StringComparison.Ordinal))
            return "a curly bracket";
        if (text.Contains("lorem ipsum", StringComparison.OrdinalIgnoreCase))
            return "lorem ipsum";
        int sentences = 0;
        foreach (Range word in new TextWords(text))
            sentences += text.AsSpan(word).TrimEnd("\"'”’)]") is [.., '.' or '?' or '!'] ? 1 : 0;
        return sentences < MinSentences ? $"{sentences} sentences" : null;
    }
}
