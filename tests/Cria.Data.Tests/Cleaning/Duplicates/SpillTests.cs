using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class SpillTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(1 << 30)]
    public void Pairs_come_in_order_and_once_wherever_they_lie(int memory)
    {
        using var runs = new PairRuns(memory, null);
        var expected = new SortedSet<(int, int)>();
        for (int run = 0; run < 7; run++)
        {
            List<ulong> pairs = [];
            for (int i = 0; i < 6000; i++)
            {
                int later = 1 + (int)(KeyedHash.Mix((ulong)((run * 10_000) + i)) % 300), earlier = i % later;
                pairs.Add(PairRuns.Pair(later, earlier));
                expected.Add((later, earlier));
            }

            runs.Add(pairs);
            Assert.Empty(pairs);
        }

        Assert.Equal(expected, runs.InOrder());
        Assert.Equal(expected, runs.InOrder()); // it may be read again
        Assert.Equal(memory < 1 << 30, runs.SpilledBytes > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    [InlineData(1 << 30)]
    public void A_band_is_read_as_it_was_written_wherever_it_lies(int memory)
    {
        const int documents = 10_000, bands = 3;
        using var table = new BandTable(bands, memory, null);
        for (int i = 0; i < documents; i++)
            table.Add([Key(i, 0), Key(i, 1), Key(i, 2)]);
        table.Complete();
        for (int band = 0; band < bands; band++)
        {
            var found = new List<(int, ulong)>();
            for (int part = 0; part < 4; part++)
            {
                List<ulong> keys = [];
                List<int> numbers = [];
                table.Read(band, part, 4, keys, numbers);
                Assert.True(numbers.SequenceEqual(numbers.Order()));
                Assert.All(keys, key => Assert.Equal((ulong)part, key >> 62));
                found.AddRange(numbers.Zip(keys));
            }

            Assert.Equal(Enumerable.Range(0, documents).Where(i => i % 9 != 0).Select(i => (i, Key(i, band))), found.Order());
        }
    }

    [Fact]
    public void Waiting_documents_are_given_back_from_memory_and_from_the_disk()
    {
        using var waiting = new WaitingDocuments(memoryBytes: 8000, null);
        for (int i = 0; i < 100; i++)
            waiting.Add(i, Shingles(i), $"a file:{i}");
        Assert.True(waiting.SpilledBytes > 0);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(waiting.TryGet(i, out ReadOnlySpan<ulong> shingles));
            Assert.Equal(Shingles(i), shingles.ToArray());
            Assert.Equal($"a file:{i}", waiting.PlaceOf(i));
            waiting.Remove(i);
            Assert.False(waiting.TryGet(i, out _));
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_sentence_and_nothing_stays_behind()
    {
        using (var lost = new SpillFile("/nowhere/at/all"))
            Assert.Contains("/nowhere/at/all", Assert.Throws<DataException>(() => lost.Append([1])).Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        using (var spill = new SpillFile(folder.Path))
        {
            spill.Append([1, 2, 3]);
            ulong[] read = new ulong[2];
            spill.Read(8, read);
            Assert.Equal([2, 3], read);
            Assert.Throws<DataException>(() => spill.Read(16, read));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    static ulong Key(int document, int band) => document % 9 == 0 ? 0 : KeyedHash.Mix((ulong)((document * 10) + band + 1));

    static ulong[] Shingles(int document) => [.. Enumerable.Range(0, document * 3).Select(i => (ulong)((i * 1000) + document))];
}
