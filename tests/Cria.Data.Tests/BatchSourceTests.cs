using Cria.Data.Shards;
using Cria.Data.Tests.Shards;

namespace Cria.Data.Tests;

public sealed class BatchSourceTests
{
    const int T = 8;

    [Theory]
    [InlineData(T), InlineData(T + 1), InlineData(3 * T), InlineData(403)]
    public void Every_sample_is_a_run_of_the_ring_and_its_targets_are_one_further(int ring)
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(ring - 1);
        int[] stream = SampleShards.Stream(documents);
        SampleShards.Write(folder["set"], documents);
        using ShardSet set = ShardSet.Open(folder["set"]);
        var source = new BatchSource(set, T, seed: 1);
        int count = (int)source.Windows * 3;
        (int[] tokens, int[] targets) = ReadAll(source, count);
        for (int i = 0; i < count * T; i++)
        {
            long place = (source.Position(i / T) + i % T) % ring;
            Assert.Equal(stream[place], tokens[i]);
            Assert.Equal(stream[place + 1], targets[i]); // no wrap: the last id of the stream is the first once more
        }
    }

    [Fact]
    public void An_epoch_uses_every_token_at_most_once_and_leaves_less_than_a_window()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Open(folder, 403);
        var source = new BatchSource(set, T, seed: 7);
        Assert.Equal(404 / T, source.Windows);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            var seen = new HashSet<long>();
            for (long i = 0; i < source.Windows; i++)
            {
                for (int t = 0; t < T; t++)
                    Assert.True(seen.Add((source.Position(epoch * source.Windows + i) + t) % 404));
            }

            Assert.InRange(404 - seen.Count, 0, T - 1);
        }
    }

    [Fact]
    public void Epochs_differ_in_order_and_in_where_windows_begin()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Open(folder, 999);
        var source = new BatchSource(set, T, seed: 7);
        long[] Starts(int epoch) =>
            [.. Enumerable.Range(0, (int)source.Windows).Select(i => source.Position(epoch * source.Windows + i))];
        Assert.NotEqual(Starts(0), Starts(1));
        Assert.True(Enumerable.Range(0, 10).Select(epoch => Starts(epoch).Min()).Distinct().Count() > 3);
    }

    [Fact]
    public void A_batch_is_the_same_however_it_is_cut_and_by_whom_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Open(folder, 403);
        using ShardSet again = ShardSet.Open(folder["set"]);
        (int[] whole, int[] wholeTargets) = ReadAll(new BatchSource(set, T, seed: 3), 120);
        var other = new BatchSource(again, T, seed: 3);
        var (tokens, targets) = (new int[120 * T], new int[120 * T]);
        for (int i = 119; i >= 0; i--) // backwards, one at a time
            other.Read(i, 1, tokens.AsSpan(i * T, T), targets.AsSpan(i * T, T));
        Assert.Equal(whole, tokens);
        Assert.Equal(wholeTargets, targets);
        Assert.NotEqual(whole, ReadAll(new BatchSource(set, T, seed: 4), 120).Tokens);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Open(folder, 403);
        var source = new BatchSource(set, T, seed: 3);
        var (tokens, targets) = (new int[16 * T], new int[16 * T]);
        source.Read(0, 16, tokens, targets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
            source.Read(step * 16, 16, tokens, targets);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_set_shorter_than_a_sample_is_refused_with_both_numbers()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Open(folder, 6);
        var e = Assert.Throws<DataException>(() => new BatchSource(set, T, seed: 3));
        Assert.Contains("8 tokens; a sequence length of 8 needs 9", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, new BatchSource(set, 7, seed: 3).Windows);
    }

    static ShardSet Open(TemporaryFolder folder, int ids) =>
        ShardSet.Open(SampleShards.Write(folder["set"], SampleShards.Counting(ids)));

    static (int[] Tokens, int[] Targets) ReadAll(BatchSource source, int count)
    {
        var (tokens, targets) = (new int[count * T], new int[count * T]);
        source.Read(0, count, tokens, targets);
        return (tokens, targets);
    }
}
