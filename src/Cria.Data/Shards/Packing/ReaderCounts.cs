using Cria.Data.Readers;

namespace Cria.Data.Shards.Packing;

/// <summary>What a reader met in blocks, as a journal keeps it.</summary>
sealed record ReaderCounts
{
    public required long Documents { get; init; }

    public required long TextBytes { get; init; }

    public required long EmptyDocuments { get; init; }

    public required long InvalidDocuments { get; init; }

    public required long InvalidBytes { get; init; }

    public required long LoneSurrogates { get; init; }

    public required long BadLines { get; init; }

    public required List<string> BadLineExamples { get; init; }

    public required List<string> Warnings { get; init; }

    public static ReaderCounts Of(ReaderStatistics met) => new()
    {
        Documents = met.Documents,
        TextBytes = met.TextBytes,
        EmptyDocuments = met.EmptyDocuments,
        InvalidDocuments = met.InvalidDocuments,
        InvalidBytes = met.InvalidBytes,
        LoneSurrogates = met.LoneSurrogates,
        BadLines = met.BadLines,
        BadLineExamples = [.. met.BadLineExamples],
        Warnings = [.. met.Warnings],
    };

    public ReaderStatistics ToStatistics()
    {
        var met = new ReaderStatistics
        {
            Documents = Documents,
            TextBytes = TextBytes,
            EmptyDocuments = EmptyDocuments,
            InvalidDocuments = InvalidDocuments,
            InvalidBytes = InvalidBytes,
            LoneSurrogates = LoneSurrogates,
            BadLines = BadLines,
        };
        met.Remember(BadLineExamples, Warnings);
        return met;
    }
}
