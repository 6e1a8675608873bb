using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Cleaning;

public sealed class CorpusCleanerTests
{
    [Fact]
    public void A_group_is_held_out_as_a_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.tsv", Encoding.UTF8.GetBytes("author\ttext\n" +
            string.Concat(Enumerable.Range(0, 4000).Select(i => $"author {i % 200}\tstory number {i}\n"))));
        DocumentReader reader = DocumentReader.Open([path], new ReaderOptions { GroupField = "author" });
        var cleaner = new CorpusCleaner(CleaningRecipe.None, new CorpusSplit { ValidationFraction = 0.2 });
        ILookup<string?, bool> sides = cleaner.Clean(reader).ToLookup(d => d.Source.Group, d => d.IsValidation);
        Assert.Equal(200, sides.Count);
        Assert.All(sides, side => Assert.Single(side.Distinct()));
        Assert.InRange(sides.Count(side => side.First()), 20, 60);
    }

    [Fact]
    public void The_report_tells_what_came_in_what_is_kept_and_why()
    {
        var cleaner = new CorpusCleaner(CleaningRecipe.Basic, threads: 2);
        Document[] documents =
        [
            new("a clean text", "f", 1), new("a  clean\ttext ", "f", 2), new("caf\u00e9", "f", 3),
            new("\u200b\n\0", "f", 4), new("cafe\u0301", "f", 5), new("ﬁn\n\n\n\nend", "f", 6),
        ];
        CleanDocument[] kept = [.. cleaner.Clean(documents)];
        Assert.Equal(["a clean text", "caf\u00e9", "fin\n\nend"], kept.Select(d => d.Text));
        Assert.Equal([12, 5, 8], kept.Select(d => d.Utf8Bytes));

        CleaningReport report = cleaner.Report;
        Assert.Equal((6, 12 + 14 + 5 + 5 + 6 + 11), (report.Before.Documents, report.Before.Bytes));
        Assert.Equal((3, 25), (report.After.Documents, report.After.Bytes));
        Assert.Equal((1, 0), (report.Empty.Documents, report.Empty.Characters));
        Assert.Equal(2, report.Duplicates.Documents);
        Assert.Equal(["f:2", "f:5"], report.Duplicates.Examples.Select(e => e.Place));
        Assert.Equal([2, 2, 1, 2], report.Steps.Select(step => step.Documents));
        CleaningExample nfkc = report.Steps[1].Examples[0];
        Assert.Equal(new CleaningExample("f:5", "cafe\u0301", "caf\u00e9"), nfkc);
        Assert.Contains("\\u0000", report.Steps[0].Examples[1].Before, StringComparison.Ordinal);
        Assert.Contains("6 documents, 53 bytes before, 3 documents, 25 bytes after", report.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_five_examples_are_kept_and_they_are_the_first()
    {
        var cleaner = new CorpusCleaner(CleaningRecipe.Basic, threads: 3);
        Document[] documents =
            [.. Enumerable.Range(0, 5000).Select(i => new Document($"{new string('x', 200)}  {i}", "f", i))];
        Assert.Equal(5000, cleaner.Clean(documents).Count());
        Assert.Equal(5000, cleaner.Report.Steps[2].Documents);
        Assert.Equal(["f:0", "f:1", "f:2", "f:3", "f:4"], cleaner.Report.Steps[2].Examples.Select(e => e.Place));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Document[] documents = [.. Enumerable.Range(0, 8000)
            .Select(i => new Document($" text\t{KeyedHash.Mix((ulong)i) % 5000} {new string('y', i % 200)}", "f", i))];
        (string, bool)[] Run(int threads)
        {
            var cleaner = new CorpusCleaner(CleaningRecipe.Basic,
                new CorpusSplit { ValidationFraction = 0.2, Seed = 3 }, threads);
            return [.. cleaner.Clean(documents).Select(d => (d.Text, d.IsValidation)),
                (cleaner.Report.ToString(), false)];
        }

        (string, bool)[] one = Run(1);
        Assert.Equal(one, Run(2));
        Assert.Equal(one, Run(5));
    }

    [Fact]
    public void A_document_falls_on_its_side_whatever_stands_around_it()
    {
        var split = new CorpusSplit { ValidationFraction = 0.1, Seed = 42 };
        Document[] documents = [.. Enumerable.Range(0, 20_000).Select(i => new Document($"story number {i}", "f", i))];
        Dictionary<string, bool> sides = new CorpusCleaner(CleaningRecipe.Basic, split).Clean(documents)
            .ToDictionary(d => d.Text, d => d.IsValidation);
        Assert.InRange(sides.Values.Count(isValidation => isValidation), 1850, 2150); // 2,000 ± 3.5 standard deviations
        foreach (CleanDocument d in new CorpusCleaner(CleaningRecipe.Basic, split)
            .Clean(documents.Reverse().Where((_, i) => i % 3 == 0)))
            Assert.Equal(sides[d.Text], d.IsValidation);
        int moved = new CorpusCleaner(CleaningRecipe.Basic, split with { Seed = 43 }).Clean(documents)
            .Count(d => sides[d.Text] != d.IsValidation);
        Assert.InRange(moved, 3000, 4200);
    }

    [Theory]
    [InlineData(0.0, 0), InlineData(1.0, 500)]
    public void The_whole_corpus_can_go_to_one_side(double fraction, int expected)
    {
        var cleaner = new CorpusCleaner(CleaningRecipe.None, new CorpusSplit { ValidationFraction = fraction });
        Assert.Equal(expected, cleaner.Clean(Enumerable.Range(0, 500).Select(i => new Document($"{i}", "f", i)))
            .Count(d => d.IsValidation));
        Assert.Equal(expected, cleaner.Report.Validation.Documents);
    }

    [Fact]
    public void A_recipe_nobody_wrote_is_refused_with_the_names_there_are()
    {
        Assert.Same(CleaningRecipe.Basic, CleaningRecipe.ByName("basic"));
        Assert.Contains("\"basci\"; choose one of basic, c4, gopher, none",
            Assert.Throws<DataException>(() => CleaningRecipe.ByName("basci")).Message, StringComparison.Ordinal);
    }
}
