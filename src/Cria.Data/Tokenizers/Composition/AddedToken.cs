namespace Cria.Data.Tokenizers.Composition;

/// <summary>A token that is cut out of the text by its name, before the model sees the rest.</summary>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is a mark and no text: found only where special tokens are parsed.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is looked for in the normalised text, by its normalised name.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Whether it takes the white space before it along.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space after it along.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it counts only where no word character stands next to it.</summary>
    public bool IsSingleWord { get; init; }
}
