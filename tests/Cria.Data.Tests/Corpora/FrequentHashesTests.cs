using Cria.Data.Corpora.Stages;

namespace Cria.Data.Tests.Corpora;

public sealed class FrequentHashesTests
{
    [Theory]
    [InlineData(1), InlineData(10), InlineData(100), InlineData(1 << 20)]
    public void The_same_hashes_are_found_however_few_are_counted_at_once(int mostCounted)
    {
        HashSet<ulong>[] documents =
            [.. Enumerable.Range(0, 500).Select(d => Enumerable.Range(0, 20).Select(i => Hash((d * 31 * (i + 1)) % 1009)).ToHashSet())];
        HashSet<ulong> expected =
            [.. documents.SelectMany(document => document)
                .GroupBy(hash => hash).Where(hash => hash.Count() >= 12).Select(hash => hash.Key)];
        Assert.InRange(expected.Count, 50, 900);

        var finder = new FrequentHashes(minDocuments: 12, mostCounted);
        Assert.Equal(expected.Order(), finder.Find(() => documents, bytes: 1000).Order());
        Assert.InRange(finder.MostAtOnce, 1, mostCounted + 1); // the one too many shows that there is no room
        Assert.Equal(mostCounted > 1009, finder.Readings == 2);
    }

    [Fact]
    public void A_sketch_grows_with_the_text_and_not_beyond_a_gigabyte()
    {
        Assert.Equal(16, CountSketch.LogWidth(0));
        Assert.Equal(24, CountSketch.LogWidth(1L << 29));
        Assert.Equal(27, CountSketch.LogWidth(1L << 33));
        Assert.Equal(27, CountSketch.LogWidth(long.MaxValue));
        var sketch = new CountSketch(1 << 24);
        for (int i = 0; i < 1 << 18; i++)
            sketch.Add(Hash(i));
        Assert.InRange(Enumerable.Range(0, 1 << 18).Count(i => sketch.AtMost(Hash(i)) >= 10), 0, 10); // a counter for each of them
    }

    static ulong Hash(int i) => KeyedHash.Mix((ulong)i + 1);
}
