using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Tests.Shards;

namespace Cria.Data.Tests.Sampling;

public sealed class PackedReaderTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(8), InlineData(64), InlineData(65), InlineData(1000)]
    public void Every_token_of_every_document_is_read_exactly_once_an_epoch(int length)
    {
        ArrayStream stream = ArrayStream.Counting(SomeLengths(300, 50));
        var reader = new PackedReader(stream, length, seed: 1);
        long[][] orders = new long[3][];
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Samples samples = Samples.Of(reader, epoch * reader.SamplesPerEpoch, (int)reader.SamplesPerEpoch);
            int[] targets = [.. samples.Targets.Where(target => target != ISampleReader.NoTarget)];
            // Every token but the very first is a target once, the ends of documents among them.
            Assert.Equal(stream.Ids[1..].ToArray().Order(), targets.Order());
            Assert.Equal(targets.Length / ((double)reader.SamplesPerEpoch * length), reader.Utilization, 1e-12);
            orders[epoch] = [.. targets.Select(target => (long)target)];
        }

        Assert.NotEqual(orders[0], orders[1]);
        Assert.NotEqual(orders[1], orders[2]);
    }

    [Fact]
    public void Only_documents_longer_than_a_sequence_are_cut_and_into_as_few_parts_as_can_be()
    {
        int[] lengths = SomeLengths(200, 90);
        var reader = new PackedReader(ArrayStream.Counting(lengths), 32, seed: 1);
        Assert.Equal(lengths.Sum(n => (n + 1 + 31) / 32), reader.Pieces);
        Samples samples = Samples.Of(reader, 0, (int)reader.SamplesPerEpoch);
        int opened = samples.Starts.Count(start =>
            samples.Tokens[start] == ArrayStream.End && samples.Targets[start] != ISampleReader.NoTarget);
        Assert.Equal(lengths.Length, opened);
    }

    [Fact]
    public void A_token_beside_a_border_has_the_end_of_its_own_document_as_target()
    {
        var reader = new PackedReader(ArrayStream.Of([[1, 2], [3], [4, 5, 6]]), 9, seed: 1);
        Samples samples = Samples.Of(reader, 0, 1);
        foreach (int last in (int[])[2, 3, 6])
            Assert.Equal(ArrayStream.End, samples.Targets[Array.IndexOf(samples.Tokens, last)]);
        Assert.Equal(3, samples.Starts.Length); // 9 rows, and none is left
    }

    [Fact]
    public void What_is_left_is_a_segment_of_its_own_without_targets()
    {
        var reader = new PackedReader(ArrayStream.Of([[1, 2], [3]]), 9, seed: 1);
        Samples samples = Samples.Of(reader, 0, 1);
        IEnumerable<string> segments = samples.Starts.Zip(samples.Starts[1..].Append(9))
            .Select(segment => string.Join(' ', samples.Tokens[segment.First..segment.Second]));
        Assert.Equal(["0 0 0 0", "0 1 2", "0 3"], segments.Order(StringComparer.Ordinal));
        Assert.Equal(5, samples.Starts[^1]);
        Assert.All(samples.Targets[5..], target => Assert.Equal(ISampleReader.NoTarget, target));
        Assert.Equal(5, reader.CountTargets(0, 1));
        Assert.Equal(5 / 9.0, reader.Utilization);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 0, 3, 0 }, new[] { "1 2", "0 3" }, new[] { "2 0", "3 0" })] // closed, not opened
    [InlineData(new[] { 0, 1, 2, 0, 3 }, new[] { "0 1 2", "0" }, new[] { "1 2 0", "3" })] // opened, not closed
    public void Foreign_streams_are_packed_without_a_token_twice(int[] ids, string[] inputs, string[] targets)
    {
        var reader = new PackedReader(new ArrayStream(ids), 3, seed: 1);
        Samples samples = Samples.Of(reader, 0, (int)reader.SamplesPerEpoch);
        string[] Cut(int[] row) => [.. Enumerable.Range(0, (int)reader.SamplesPerEpoch).Select(i =>
            string.Join(' ', row[(3 * i)..(3 * i + 3)].Where((_, t) => samples.Targets[3 * i + t] != ISampleReader.NoTarget))).Order()];
        Assert.Equal(inputs.Order(), Cut(samples.Tokens));
        Assert.Equal(targets.Order(), Cut(samples.Targets));
    }

    [Theory]
    [InlineData(1), InlineData(8), InlineData(33), InlineData(1000)]
    public void An_index_of_documents_and_a_scan_of_the_tokens_give_the_same_pieces(int length)
    {
        ArrayStream counted = ArrayStream.Counting(SomeLengths(20_000, 40)); // more than are read from an index at once
        var scanned = new ArrayStream(counted.Ids.ToArray());
        Assert.Equal(DocumentPieces.Of(scanned, length), DocumentPieces.Of(counted, length));
    }

    [Fact]
    public void A_shard_set_is_packed_by_its_index()
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(5, 0, 16, 1, 40, 15, 17);
        using ShardSet set = ShardSet.Open(SampleShards.Write(folder["set"], documents));
        var (ofShards, inMemory) = (new PackedReader(set, 16, 1), new PackedReader(ArrayStream.Of(documents), 16, 1));
        Samples shards = Samples.Of(ofShards, 0, (int)ofShards.SamplesPerEpoch);
        Samples memory = Samples.Of(inMemory, 0, (int)inMemory.SamplesPerEpoch);
        Assert.Equal(memory.Tokens.Order(), shards.Tokens.Order()); // another hash, another order
        Assert.Equal(memory.Starts.Length, shards.Starts.Length);
    }

    [Fact]
    public void A_stream_without_documents_is_refused()
    {
        var e = Assert.Throws<DataException>(() => new PackedReader(new ArrayStream([1, 2, 3], endOfText: null), 2, 1));
        Assert.Contains("does not say which token separates documents", e.Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => new PackedReader(new ArrayStream([0]), 2, 1));
    }

    // Many short, some long: lengths from 0 to `most`.
    static int[] SomeLengths(int count, int most) =>
        [.. Enumerable.Range(0, count).Select(i => (int)((ulong)i * 2654435761 % (ulong)(1 + i % most + 1)))];
}
