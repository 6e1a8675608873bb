namespace Cria.Evaluation.Pairs;

/// <summary>The token that stands before a text of a minimal pair. It is given, and not scored.</summary>
public enum PairContext
{
    /// <summary>The token before a document; that after one, where the tokenizer has no other.</summary>
    BeginOfText,

    /// <summary>The token after a document.</summary>
    EndOfText,

    /// <summary>None: the text's own first token is given, and only those after it are scored.</summary>
    None,
}

/// <summary>How the texts of minimal pairs become tokens.</summary>
public sealed record PairOptions
{
    public PairContext Context { get; init; } = PairContext.BeginOfText;

    /// <summary>A space before the text, so that byte-level tokenizers see its first word as they see one inside a text.</summary>
    public bool LeadingSpace { get; init; }
}
