using Cria.Data.Cleaning;

namespace Cria.Data.Corpora;

/// <summary>What a stage of a corpus did.</summary>
public sealed record StageReport
{
    /// <summary>The stage's name.</summary>
    public required string Stage { get; init; }

    /// <summary>What went in and what came out; null where a stage leaves the text alone.</summary>
    public StageSize? Before { get; init; }

    /// <inheritdoc cref="Before"/>
    public StageSize? After { get; init; }

    /// <summary>What was changed or removed, by reason.</summary>
    public IReadOnlyList<StageStep> Steps { get; init; } = [];

    /// <summary>The parts that were made, or what else is worth a line.</summary>
    public IReadOnlyList<StageFact> Facts { get; init; } = [];

    /// <summary>What a person should know, each as one sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    internal static StageStep Step(CleaningCount count) =>
        new(count.Name, count.Removes, count.Documents, count.Characters, [.. count.Examples]);
}

/// <summary>Documents and their UTF-8 bytes.</summary>
public sealed record StageSize(long Documents, long Bytes)
{
    internal static StageSize Of(CleaningTotal total) => new(total.Documents, total.Bytes);
}

/// <summary>What one step or filter of a stage did.</summary>
/// <param name="Name">The step.</param>
/// <param name="Removes">Whether documents go as a whole.</param>
/// <param name="Documents">Documents changed or removed.</param>
/// <param name="Characters">UTF-16 characters fewer.</param>
/// <param name="Examples">The first few.</param>
public sealed record StageStep(string Name, bool Removes, long Documents, long Characters, IReadOnlyList<CleaningExample> Examples);

/// <summary>A name and a value, such as a part and its words.</summary>
public sealed record StageFact(string Name, string Value);
