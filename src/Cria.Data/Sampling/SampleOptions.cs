namespace Cria.Data.Sampling;

/// <summary>Which samples training reads, in which order: what a recipe says under <c>data.reader</c>.</summary>
public sealed record SampleOptions
{
    /// <summary>One of <see cref="SampleReaders.Types"/>.</summary>
    public string Type { get; init; } = "permutation";

    /// <summary>Whether <c>windows</c> come in another order in every epoch, or always in that of the text.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>How many of the <c>windows</c> there are to learn from, drawn once and for all; 0 takes them all. Little data, out of
    /// much.</summary>
    public int Subset { get; init; }

    /// <summary>Which windows a subset has, whatever the seed of the run.</summary>
    public ulong SubsetSeed { get; init; } = 1;

    /// <summary>Whether a token attends to its own document only, with positions counted from the document's beginning;
    /// if not, to all of its window.</summary>
    public bool DocumentMasks { get; init; } = true;
}
