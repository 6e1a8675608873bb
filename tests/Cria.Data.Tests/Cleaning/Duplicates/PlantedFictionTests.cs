using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Cleaning.Duplicates;

/// <summary>Near-copies planted among chapters of novels, as bench/duplicates.py does with all of them.</summary>
public sealed class PlantedFictionTests
{
    [Fact]
    public void Copies_with_a_twentieth_of_their_words_changed_are_found()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        string path = Path.Combine(TestData.Root, "classics/fiction_train.jsonl.gz");
        TestData.Need(path);
        string[] originals = [.. DocumentReader.Open([path]).Where((_, i) => i % 5 == 0).Select(document => document.Text)];
        string[] vocabulary = [.. originals.Take(50).SelectMany(text => text.Split(' '))];
        (string Text, int Source)[] corpus =
        [
            .. originals.Select((text, i) => (text, i)),
            .. originals.Select((text, i) => (PlantedCopies.Change(text, 0.05, (ulong)i, vocabulary), i)),
        ];

        using var finder = new NearDuplicateFinder<(string Text, int Source)>(d => d.Text, d => d.Text.Length, d => $"{d.Source}");
        finder.Sketch(corpus);
        var found = finder.Judge(corpus).Where(judged => judged.Duplicate is not null).ToList();
        int right = found.Count(judged => judged.Duplicate!.OriginalPlace == $"{judged.Document.Source}");
        Assert.InRange(right, (int)Math.Ceiling(0.95 * originals.Length), originals.Length);

        // A pair that was not planted is right only if it is one by the definition.
        var shingles = new ShingleHashes(3);
        int wrong = found.Count(judged => SyntheticSets.Jaccard(
            shingles.SetOf(judged.Document.Text, []), shingles.SetOf(corpus[judged.Duplicate!.Original].Text, [])) < 0.6);
        Assert.InRange(wrong, 0, (int)(0.01 * found.Count));
    }
}
