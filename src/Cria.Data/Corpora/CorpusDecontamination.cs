using Cria.Data.Cleaning.Contamination;

namespace Cria.Data.Corpora;

/// <summary>Which evaluation sets must not be trained on.</summary>
public sealed record CorpusDecontamination
{
    /// <summary>The sets.</summary>
    public required CorpusEvaluation[] Sets { get; init; }

    /// <summary>When text counts as theirs, and what is done.</summary>
    public ContaminationOptions Options { get; init; } = new();
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
