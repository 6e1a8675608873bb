namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>What becomes of a delimiter, in the words of Hugging Face's files.</summary>
public enum SplitBehavior
{
    /// <summary>It is left out.</summary>
    Removed,

    /// <summary>It is a word.</summary>
    Isolated,

    /// <summary>It ends the word before.</summary>
    MergedWithPrevious,

    /// <summary>It begins the word after.</summary>
    MergedWithNext,

    /// <summary>Neighbouring delimiters are one word together.</summary>
    Contiguous,
}
