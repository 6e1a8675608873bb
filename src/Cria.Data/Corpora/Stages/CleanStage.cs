using System.Globalization;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>The first stage: sources are read, steps and filters applied, equal documents removed.</summary>
public sealed class CleanStage(CorpusRecipe recipe) : ICorpusStage
{
    /// <inheritdoc/>
    public string Name => "clean";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => ["work/clean.jsonl"];

    /// <summary>The sources with their files' sizes and times, the steps with their settings.</summary>
    public string Key
    {
        get
        {
            List<string> lines = [$"{recipe.RemovesDuplicates}"];
            foreach (CorpusSource source in recipe.Sources)
            {
                lines.Add(JsonSerializer.Serialize(source, CorpusJson.Default.CorpusSource));
                lines.AddRange(InputFiles.Expand(source.Files).Select(file => Stamp(file.Path)));
            }

            foreach (IDocumentStep step in recipe.Steps)
                lines.Add(step.GetType().Name + JsonSerializer.Serialize(step, step.GetType(), CorpusJson.Default));
            return string.Join('\n', lines);
        }
    }

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        var cleaning = new CleaningRecipe { Name = recipe.Name, Steps = recipe.Steps, RemovesDuplicates = recipe.RemovesDuplicates };
        var cleaner = new CorpusCleaner(cleaning, threads: threads);
        var statistics = new ReaderStatistics();
        using var output = new StageFile(Path.Combine(folder, Outputs[0]));
        foreach (CleanDocument document in cleaner.Clean(recipe.Sources.SelectMany(source => source.Read(statistics))))
        {
            cancellation.ThrowIfCancellationRequested();
            // Of the place the name without its folder: the same on every machine.
            Document source = document.Source;
            output.Add(new Document(document.Utf8, Path.GetFileName(source.File), source.Line) { Group = source.Group });
        }

        output.Complete("steps");
        CleaningReport report = cleaner.Report;
        return new StageReport
        {
            Stage = Name,
            Before = StageSize.Of(report.Before),
            After = StageSize.Of(report.After),
            Steps = [.. report.Steps.Append(report.Empty).Append(report.Duplicates).Select(StageReport.Step).Select(WithoutFolders)],
            Warnings = [.. statistics.Complaints],
        };
    }

    static StageStep WithoutFolders(StageStep step) => step with
    {
        Examples = [.. step.Examples.Select(example => example with { Place = Path.GetFileName(example.Place) })],
    };

    static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return string.Create(CultureInfo.InvariantCulture, $"{path} {file.Length} {file.LastWriteTimeUtc:O}");
    }
}
