namespace Cria.Data.Cleaning.Filters;

/// <summary>Documents that are too short or too long go.</summary>
public sealed record LengthFilter : IDocumentFilter
{
    /// <inheritdoc/>
    public string Name => "length";

    /// <summary>Words (runs of what is no white space) at least.</summary>
    public int MinWords { get; init; }

    /// <summary>Words at most.</summary>
    public int MaxWords { get; init; } = int.MaxValue;

    /// <summary>UTF-16 characters at least.</summary>
    public int MinCharacters { get; init; }

    /// <summary>UTF-16 characters at most.</summary>
    public int MaxCharacters { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public string? Reason(string text)
    {
        if (text.Length < MinCharacters || text.Length > MaxCharacters)
            return $"{text.Length} characters";
        if (MinWords == 0 && MaxWords == int.MaxValue)
            return null;
        int words = 0;
        foreach (Range _ in new TextWords(text))
            words++;
        return words < MinWords || words > MaxWords ? $"{words} words" : null;
    }
}
