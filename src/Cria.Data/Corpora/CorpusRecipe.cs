using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Corpora;

/// <summary>How a corpus is made: from files to token shards, in the order of the properties.</summary>
public sealed record CorpusRecipe
{
    /// <summary>The version of the format of recipes.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the corpus is called.</summary>
    public required string Name { get; init; }

    /// <summary>A sentence or two for its card.</summary>
    public string Description { get; init; } = "";

    /// <summary>Draws the split and the near-duplicates' hash functions.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where the text comes from, in the order in which it is read.</summary>
    public required CorpusSource[] Sources { get; init; }

    /// <summary>What is done with every document: steps that change it, filters that may drop it (<see cref="CleaningSteps"/>).</summary>
    public IDocumentStep[] Steps { get; init; } = CleaningRecipe.Basic.Steps;

    /// <summary>Whether of documents with the same text only the first is kept.</summary>
    public bool RemovesDuplicates { get; init; } = true;

    /// <summary>Lines that stand in many documents go; null: they stay.</summary>
    public RepeatedLineOptions? RepeatedLines { get; init; }

    /// <summary>Documents nearly the same as an earlier one go; null: they stay.</summary>
    public NearDuplicateOptions? NearDuplicates { get; init; }

    /// <summary>Evaluation text goes; null: it stays.</summary>
    public CorpusDecontamination? Decontamination { get; init; }

    /// <summary>What is not trained on.</summary>
    public CorpusDivision Split { get; init; } = new();

    /// <summary>What makes tokens of it.</summary>
    public CorpusTokenizer Tokenizer { get; init; } = new();

    /// <summary>How it is packed.</summary>
    public CorpusShards Shards { get; init; } = new();

    /// <summary>Checks what can be said before anything is read.</summary>
    /// <exception cref="DataException">A value is out of its range, or values contradict each other.</exception>
    public void Check()
    {
        if (Version != 1)
            throw new DataException($"The recipe has version {Version}; this program reads version 1.");
        if (Sources.Length == 0)
            throw new DataException("The recipe has no sources; name files under sources.");
        foreach (CorpusSource source in Sources)
            source.Check();
        Split.Check();
        if (Split.NeedsGroups && Array.Find(Sources, source => source.GroupField is null) is { } without)
        {
            throw new DataException($"split holds groups out, and the source {without.Files[0]} has no group_field that says which group " +
                "a document belongs to, such as author; name it.");
        }

        RepeatedLines?.Check();
        NearDuplicates?.Checked();
        Decontamination?.Check();
        Tokenizer.Check();
        Shards.Check();
    }
}
