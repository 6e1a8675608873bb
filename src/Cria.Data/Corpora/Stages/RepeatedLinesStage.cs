using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>
/// Lines that stand in many documents go. Three readings, and more only where memory would not hold the counts (<see
/// cref="FrequentHashes"/>): a sketch counts every line at least as often as it occurs, lines that may be frequent are counted exactly,
/// those that are go.
/// </summary>
public sealed class RepeatedLinesStage(RepeatedLineOptions options) : ICorpusStage
{
    /// <inheritdoc/>
    public string Name => "repeated_lines";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => ["work/repeated_lines.jsonl"];

    /// <inheritdoc/>
    public string Key => JsonSerializer.Serialize(options, CorpusJson.Default.RepeatedLineOptions);

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        options.Check();
        var finder = new FrequentHashes(options.MinDocuments);
        HashSet<ulong> frequent = finder.Find(() => LinesOf(input, threads, cancellation), new FileInfo(input).Length);
        var blankLines = new BlankLines();
        CleaningCount lines = new($"lines of {options.MinDocuments} documents or more removed"), empty = new("empty documents removed", removes: true);
        StageSize before = new(0, 0);
        using var output = new StageFile(Path.Combine(folder, Outputs[0]));
        IEnumerable<(Document, string)> all = StageFile.Process(
            input, document => TextLines.Where(document.Text, line => !frequent.Contains(HashOf(line))), threads, cancellation);
        foreach ((Document document, string left) in all)
        {
            string cleaned = left;
            before = new StageSize(before.Documents + 1, before.Bytes + document.Utf8.Length);
            if (ReferenceEquals(cleaned, document.Text))
            {
                output.Add(document);
                continue;
            }

            (string was, string became) = Excerpt.OfChange(document.Text, cleaned);
            lines.Add(document.Text.Length - cleaned.Length, new CleaningExample(document.Place, was, became));
            cleaned = blankLines.Apply(cleaned);
            if (string.IsNullOrWhiteSpace(cleaned))
                empty.Add(cleaned.Length, new CleaningExample(document.Place, Excerpt.OfStart(document.Text), ""));
            else
                output.Add(new Document(cleaned, document.File, document.Line) { Group = document.Group });
        }

        output.Complete();
        return new StageReport
        {
            Stage = Name,
            Before = before,
            After = output.Size,
            Steps = [StageReport.Step(lines), StageReport.Step(empty)],
            Facts = [new StageFact("different lines", $"{frequent.Count}")],
        };
    }

    /// <summary>The different lines of every document.</summary>
    IEnumerable<HashSet<ulong>> LinesOf(string input, int threads, CancellationToken cancellation) =>
        StageFile.Process(input, LinesOf, threads, cancellation).Select(item => item.Result);

    HashSet<ulong> LinesOf(Document document)
    {
        HashSet<ulong> lines = [];
        foreach (ReadOnlySpan<char> line in TextLines.Of(document.Text))
        {
            if (HashOf(line) is not 0 and ulong hash)
                lines.Add(hash);
        }

        return lines;
    }

    /// <summary>64 bits of a line without the space around it; 0 for one that is too short to go.</summary>
    ulong HashOf(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.Length < options.MinCharacters)
            return 0;
        ulong hash = (ulong)line.Length;
        foreach (char c in line)
            hash = KeyedHash.Mix(hash ^ ((ulong)c << 40));
        return Math.Max(hash, 1);
    }
}
