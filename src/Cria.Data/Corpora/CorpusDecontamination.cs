using Cria.Data.Cleaning.Contamination;

namespace Cria.Data.Corpora;

/// <summary>Which evaluation sets must not be trained on.</summary>
public sealed record CorpusDecontamination
{
    /// <summary>The sets.</summary>
    public required CorpusEvaluation[] Sets { get; init; }

    /// <summary>When text counts as theirs, and what is done.</summary>
    public ContaminationOptions Options { get; init; } = new();

    internal void Check()
    {
        if (Sets.Length == 0)
            throw new DataException("decontamination has no sets; name their files, or leave decontamination out.");
        if (Array.Exists(Sets, set => set.Files.Length == 0))
            throw new DataException("A set under decontamination.sets has no files; name some.");
        Options.Check();
    }
}

/// <summary>An evaluation set's files.</summary>
public sealed record CorpusEvaluation
{
    /// <summary>What the report calls it; null: its first file.</summary>
    public string? Name { get; init; }

    /// <summary>Files, folders and patterns.</summary>
    public required string[] Files { get; init; }

    /// <summary>The fields or columns that hold its texts; none: all.</summary>
    public string[] Fields { get; init; } = [];
}
