using Cria.Data.Corpora;
using Cria.Data.Corpora.Stages;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Corpora;

public sealed class TextStageTests
{
    const string Notice = "Please accept the notice that stands below every page.";

    [Fact]
    public void Lines_are_counted_by_the_ends_by_which_they_are_removed()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["work"]);
        string input = folder["work/in.jsonl"];
        using (var file = new StageFile(input))
        {
            for (int i = 0; i < 30; i++)
                file.Add(new Document($"Page {i}\u2028{Notice}", "f", i + 1));
            file.Add(new Document($"Page 30\n{Notice}", "f", 31));
            file.Complete();
        }

        var stage = new RepeatedLinesStage(new() { MinDocuments = 20 });
        StageReport report = stage.Run(folder.Path, input, threads: 2, cancellation: default);
        Assert.Equal("0", Assert.Single(report.Facts).Value);
        Assert.Equal($"Page 30\n{Notice}", StageFile.Read(folder[stage.Outputs[0]], default).Last().Text);
    }

    [Fact]
    public void All_that_reading_met_is_in_the_report()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["work"]);
        byte[] bytes = [.. "{\"text\":\"half \\ud800 a pair\"}\n{\"text\":\"no "u8, 0xFF, .. " text\"}\n"u8, .. Enumerable.Repeat("oops\n"u8.ToArray(), 6).SelectMany(line => line)];
        var recipe = new CorpusRecipe { Name = "small", Sources = [new() { Files = [folder.Write("a.jsonl", bytes)] }] };
        string[] warnings = [.. new CleanStage(recipe).Run(folder.Path, "", threads: 1, cancellation: default).Warnings];
        Assert.Contains("1 JSON escapes are half a surrogate pair; each became U+FFFD.", warnings);
        Assert.Contains("1 bytes in 1 documents are not UTF-8; each became the replacement character U+FFFD.", warnings);
        Assert.Contains("6 lines held no document in all.", warnings);
        Assert.Equal(ReaderStatistics.MaxExamples, warnings.Count(warning => warning.Contains("a.jsonl:", StringComparison.Ordinal)));
    }
}
