using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class ShingleHashesTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("...", 0)]
    [InlineData("one", 1)]
    [InlineData("one two", 1)]
    [InlineData("one two three", 1)]
    [InlineData("one two three four five", 3)]
    [InlineData("ha ha ha ha ha ha", 1)]
    public void Different_shingles_are_counted_once(string text, int expected) =>
        Assert.Equal(expected, new ShingleHashes(3).SetOf(text, []).Length);

    [Theory]
    [InlineData("a b c d e", "a b c d e", 1)]
    [InlineData("a b c d e", "A, b-c d: e!", 1)]
    [InlineData("a b c d e f", "a b c x e f", 0.142857)] // of 4 + 4 shingles only "a b c" is shared
    [InlineData("a b c d", "b c d e", 0.333333)]
    [InlineData("a b c", "c b a", 0)]
    [InlineData("a b", "a b c", 0)]
    [InlineData("", "", 0)]
    public void The_Jaccard_index_is_exact(string first, string second, double expected)
    {
        var shingles = new ShingleHashes(3);
        Assert.Equal(expected, ShingleHashes.Jaccard(shingles.SetOf(first, []), shingles.SetOf(second, [])), 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(13)]
    public void A_rolling_hash_depends_on_the_words_inside_alone(int words)
    {
        string run = string.Join(' ', Enumerable.Range(0, words).Select(i => $"w{i}"));
        List<ulong> alone = [], inside = [];
        new ShingleHashes(words).Of(run, alone);
        new ShingleHashes(words).Of($"some words before, {run}", inside);
        Assert.Equal(alone[^1], inside[^1]);
    }

    [Fact]
    public void Jaccard_of_random_sets_is_the_definition()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            (ulong[] a, ulong[] b) = SyntheticSets.Pair((int)(seed % 40), seed % 11 / 10.0, seed);
            Assert.Equal(SyntheticSets.Jaccard(a, b), ShingleHashes.Jaccard([.. a.Order()], [.. b.Order()]), 12);
        }
    }
}
