using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class NearDuplicateFinderTests
{
    [Fact]
    public void Of_nearly_equal_documents_the_first_stays()
    {
        string text = PlantedCopies.RandomText(1, 200);
        string[] corpus =
            [PlantedCopies.RandomText(2, 300), text, PlantedCopies.Change(text, 0.05, 7), PlantedCopies.RandomText(3, 50), text];
        Judged<string>[] judged = Find(corpus);
        Assert.Equal([0, 1, 2, 3, 4], judged.Select(j => j.Number));
        Assert.Equal([-1, -1, 1, -1, 1], judged.Select(j => j.Duplicate?.Original ?? -1));
        Assert.Equal(1, judged[4].Duplicate!.Jaccard);
        var shingles = new ShingleHashes(3);
        Assert.Equal(ShingleHashes.Jaccard(shingles.SetOf(corpus[1], []), shingles.SetOf(corpus[2], [])), judged[2].Duplicate!.Jaccard);
    }

    /// <summary>A document is measured against kept ones alone: of a chain only what resembles a kept document goes.</summary>
    [Fact]
    public void A_chain_loses_only_what_resembles_a_kept_document()
    {
        string[] words = [.. Enumerable.Range(0, 300).Select(i => $"w{i}")];
        string a = string.Join(' ', words[..200]), b = string.Join(' ', words[40..240]), c = string.Join(' ', words[80..280]);
        Assert.Equal([-1, 0, -1], Find([a, b, c]).Select(j => j.Duplicate?.Original ?? -1)); // a,b: 0.66; a,c: 0.42
        Assert.Equal([-1, 0, 0], Find([b, a, c]).Select(j => j.Duplicate?.Original ?? -1));
    }

    [Fact]
    public void Threads_and_memory_change_nothing()
    {
        string[] corpus = PlantedCopies.Corpus(documents: 6000, words: 40);
        var expected = Decisions(Find(corpus, threads: 1));
        Assert.InRange(expected.Count(d => d.Original >= 0), 1500, 3000);
        Assert.Equal(expected, Decisions(Find(corpus, threads: 3)));

        using var finder = new NearDuplicateFinder<string>(
            text => text, text => text.Length, Place, new NearDuplicateOptions { MemoryBytes = 1 << 20 }, threads: 2);
        finder.Sketch(corpus);
        Assert.Equal(expected, Decisions([.. finder.Judge(corpus)]));
        Assert.True(finder.Counts.SpilledBytes > 3_000_000, $"{finder.Counts.SpilledBytes} bytes were spilled");
    }

    [Fact]
    public void Hostile_texts_are_judged_like_all_others()
    {
        string longWord = new('x', 50_000_000), repeated = string.Concat(Enumerable.Repeat("ha ", 500_000));
        string[] corpus = ["", "?!", "", "word", "Word.", "two words", longWord, "ha ha ha", repeated, "\uD800", longWord + "y", longWord];
        Judged<string>[] judged = Find(corpus);
        Assert.Equal([-1, -1, -1, -1, 3, -1, -1, -1, 7, -1, -1, 6], judged.Select(j => j.Duplicate?.Original ?? -1));
    }

    [Fact]
    public void Ten_thousand_copies_cost_no_more_than_their_number()
    {
        string text = PlantedCopies.RandomText(1, 30);
        using var finder = new NearDuplicateFinder<string>(text => text, text => text.Length, Place);
        string[] corpus = [.. Enumerable.Repeat(text, 10_000)];
        finder.Sketch(corpus);
        Assert.Equal(9999, finder.Judge(corpus).Count(j => j.Duplicate is { Original: 0 }));
        Assert.InRange(finder.Counts.Candidates, 9999, 10_000 * CandidateSearch.FirstOfBucket);
        Assert.Equal(9999, finder.Counts.Verified);
    }

    [Fact]
    public void A_corpus_that_changed_between_the_passes_is_refused()
    {
        using var finder = new NearDuplicateFinder<string>(text => text, text => text.Length, Place);
        finder.Sketch(["a", "b"]);
        DataException fewer = Assert.Throws<DataException>(() => finder.Judge(["a"]).Count());
        Assert.Contains("1 documents instead of the 2", fewer.Message, StringComparison.Ordinal);
        DataException more = Assert.Throws<DataException>(() => finder.Judge(["a", "b", "c"]).Count());
        Assert.Contains("more than the 2", more.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3, 256, 1 << 30)]
    [InlineData(1.1, 3, 256, 1 << 30)]
    [InlineData(double.NaN, 3, 256, 1 << 30)]
    [InlineData(0.6, 0, 256, 1 << 30)]
    [InlineData(0.6, 3, 100, 1 << 30)]
    [InlineData(0.6, 3, 8192, 1 << 30)]
    [InlineData(0.6, 3, 256, 5)]
    public void Options_out_of_range_are_refused(double threshold, int words, int hashes, long memory) =>
        Assert.Throws<DataException>(() => new NearDuplicateFinder<string>(text => text, text => text.Length, Place, new()
        {
            Threshold = threshold,
            ShingleWords = words,
            Hashes = hashes,
            MemoryBytes = memory,
        }));

    static string Place(string text) => $"{text.Length}: {text[..Math.Min(9, text.Length)]}";

    static Judged<string>[] Find(string[] corpus, int threads = 2)
    {
        using var finder = new NearDuplicateFinder<string>(text => text, text => text.Length, Place, threads: threads);
        finder.Sketch(corpus);
        Judged<string>[] judged = [.. finder.Judge(corpus)];
        Assert.Equal(judged.Count(j => j.Duplicate is not null), finder.Counts.Dropped);
        Assert.All(judged, j => Assert.Equal(j.Duplicate is { } d ? Place(corpus[d.Original]) : null, j.Duplicate?.OriginalPlace));
        return judged;
    }

    static (int Original, double Jaccard)[] Decisions(Judged<string>[] judged) =>
        [.. judged.Select(j => (j.Duplicate?.Original ?? -1, j.Duplicate?.Jaccard ?? 0))];
}
