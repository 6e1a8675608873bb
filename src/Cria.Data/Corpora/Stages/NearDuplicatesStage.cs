using System.Globalization;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>Documents that are nearly the same as an earlier one go.</summary>
public sealed class NearDuplicatesStage(NearDuplicateOptions options, ulong seed) : ICorpusStage
{
    /// <inheritdoc/>
    public string Name => "near_duplicates";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => ["work/near_duplicates.jsonl"];

    /// <summary>What decides the result: where tables lie does not.</summary>
    public string Key => seed + JsonSerializer.Serialize(
        options with { MemoryBytes = 0 }, CorpusJson.Default.NearDuplicateOptions);

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        using var finder = new NearDuplicateFinder<Document>(
            document => document.Text, document => document.Utf8.Length, document => document.Place, options, threads,
            seed, Path.Combine(folder, CorpusBuild.Work));
        finder.Sketch(StageFile.Read(input, cancellation));
        var dropped = new CleaningCount("near-duplicates removed", removes: true);
        long bytes = 0;
        using var output = new StageFile(Path.Combine(folder, Outputs[0]));
        foreach (Judged<Document> judged in finder.Judge(StageFile.Read(input, cancellation)))
        {
            Document document = judged.Document;
            bytes += document.Utf8.Length;
            if (judged.Duplicate is not { } duplicate)
            {
                output.Add(document);
                continue;
            }

            string share = duplicate.Jaccard.ToString("0.00", CultureInfo.InvariantCulture);
            dropped.Add(document.Text.Length, new CleaningExample(
                document.Place, Excerpt.OfStart(document.Text), "", $"Jaccard index {share} with {duplicate.OriginalPlace}"));
        }

        output.Complete();
        NearDuplicateCounts counts = finder.Counts;
        return new StageReport
        {
            Stage = Name,
            Before = new StageSize(counts.Documents, bytes),
            After = output.Size,
            Steps = [StageReport.Step(dropped)],
            Facts =
            [
                new StageFact("bands × rows", $"{finder.Banding.Bands} × {finder.Banding.Rows}"),
                new StageFact("candidate pairs", $"{counts.Candidates}"),
                new StageFact("compared", $"{counts.Verified}"),
                new StageFact("at or above the threshold", $"{counts.Confirmed}"),
            ],
        };
    }
}
