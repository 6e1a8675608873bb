using System.Globalization;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Contamination;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>Text of evaluation sets goes.</summary>
public sealed class DecontaminationStage(CorpusDecontamination recipe) : ICorpusStage
{
    readonly Lazy<EvaluationSet[]> _sets = new(() => [.. recipe.Sets.Select(set => EvaluationSet.Read(set.Files, set.Fields, set.Name))]);

    /// <inheritdoc/>
    public string Name => "decontamination";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => ["work/decontamination.jsonl"];

    /// <summary>The settings, and the files' sizes and times.</summary>
    public string Key
    {
        get
        {
            _ = _sets.Value; // a set without the fields that are named is known of before a long cleaning
            IEnumerable<string> stamps = recipe.Sets.SelectMany(set => InputFiles.Expand(set.Files)).Select(file => new FileInfo(file.Path))
                .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc:O}"));
            return string.Join('\n', stamps.Prepend(JsonSerializer.Serialize(recipe, CorpusJson.Default.CorpusDecontamination)));
        }
    }

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        var finder = new Decontaminator(_sets.Value, recipe.Options);
        CleaningCount passages = new("passages removed"), documents = new("documents removed", removes: true);
        long bytes = 0;
        using var output = new StageFile(Path.Combine(folder, Outputs[0]));
        IEnumerable<(Document, Examination)> examined =
            StageFile.Process(input, document => finder.Examine(document.Text), threads, cancellation);
        foreach ((Document document, Examination found) in examined)
        {
            bytes += document.Utf8.Length;
            finder.Count(document.Place, document.Text, found);
            if (!found.IsFound)
            {
                output.Add(document);
                continue;
            }

            (int first, int end) = found.Passages[0];
            int removed = document.Text.Length - found.Pieces.Sum(piece => piece.Length);
            (found.Pieces.Count == 0 ? documents : passages).Add(removed, new CleaningExample(
                document.Place, document.Text[first..end], "", $"passages: {found.Passages.Count}, {removed} characters with their margins"));
            foreach (string piece in found.Pieces)
                output.Add(new Document(piece, document.File, document.Line) { Group = document.Group });
        }

        output.Complete();
        return new StageReport
        {
            Stage = Name,
            Before = new StageSize(finder.Report.Documents, bytes),
            After = output.Size,
            Steps = [StageReport.Step(passages), StageReport.Step(documents)],
            Facts = [.. finder.Report.Sets.Select(set => new StageFact(set.Name,
                $"{set.FoundItems} of {set.Items} items found, in {set.Documents} documents; {set.Items - set.LookedForItems} are too short to be looked for"))],
        };
    }
}
