namespace Cria.Data.Cleaning.Contamination;

/// <summary>What goes where training text holds evaluation text.</summary>
public enum ContaminationMode
{
    /// <summary>The passage and a margin on both sides; what is left stays in pieces.</summary>
    Passage,

    /// <summary>The whole document.</summary>
    Document,
}

/// <summary>When training text counts as contaminated, and what is done about it. The defaults are those of GPT-3
/// (Brown and others, "Language models are few-shot learners", 2020, appendix C).</summary>
public sealed record ContaminationOptions
{
    /// <summary>
    /// Words in a row that are enough. An evaluation text with fewer is matched as a whole sentence: the same words,
    /// and at both ends a sentence mark, a quotation mark, a line end or an end of the document.
    /// </summary>
    public int NgramWords { get; init; } = 13;

    /// <summary>Evaluation texts with fewer words are not looked for: "Yes" proves nothing.</summary>
    public int MinWords { get; init; } = 3;

    /// <summary>What goes.</summary>
    public ContaminationMode Mode { get; init; } = ContaminationMode.Passage;

    /// <summary>Characters that go on each side of a passage, rounded up to whole words.</summary>
    public int MarginCharacters { get; init; } = 200;

    /// <summary>Pieces with fewer characters go as well.</summary>
    public int MinPieceCharacters { get; init; } = 200;

    /// <summary>A document that would fall into more pieces goes as a whole.</summary>
    public int MaxPieces { get; init; } = 10;

    /// <exception cref="DataException">A value is out of its range.</exception>
    internal void Check()
    {
        if (NgramWords is < 2 or > 64)
            throw new DataException($"Contamination is looked for by {NgramWords} words in a row; choose from 2 to 64, such as 13.");
        if (MinWords < 1 || MinWords > NgramWords)
            throw new DataException($"Evaluation texts are looked for from {MinWords} words on; choose from 1 to {NgramWords}.");
        if (MarginCharacters < 0 || MinPieceCharacters < 0 || MaxPieces < 1)
        {
            throw new DataException($"A margin of {MarginCharacters}, pieces of {MinPieceCharacters} characters and {MaxPieces} pieces " +
                "are asked for; the first two must not be negative, the last at least 1.");
        }
    }
}
