using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

public sealed class WindowReaderTests
{
    const int T = 8;

    static readonly int[] Lengths = [403];

    [Fact]
    public void Permutation_gives_the_samples_it_has_always_given()
    {
        // Computed by the first version of this reader: every published result depends on them.
        ISampleReader reader = Open("permutation", Lengths, seed: 3);
        Assert.Equal([398, 286, 134, 182, 278, 110, 158, 190, 102, 382, 6, 270], Starts(reader, 0, 12));
        Assert.Equal([324, 212, 204, 172, 292, 180], Starts(reader, 1_000_000, 6));
    }

    [Theory]
    [InlineData(T), InlineData(T + 1), InlineData(3 * T), InlineData(403)]
    public void Permutation_takes_every_token_at_most_once_an_epoch_and_leaves_less_than_a_window(int tokens)
    {
        ISampleReader reader = Open("permutation", [tokens - 1], seed: 7);
        Assert.Equal(tokens / T, reader.SamplesPerEpoch);
        var offsets = new HashSet<int>();
        for (int epoch = 0; epoch < 10; epoch++)
        {
            Samples samples = Samples.Of(reader, epoch * reader.SamplesPerEpoch, (int)reader.SamplesPerEpoch);
            Assert.Equal(samples.Tokens.Length, samples.Tokens.Distinct().Count());
            Assert.InRange(tokens - samples.Tokens.Length, 0, T - 1);
            offsets.Add(samples.Tokens.Where((_, i) => i % T == 0).Min());
        }

        Assert.True(offsets.Count > 2, "the windows begin at the same places in every epoch");
    }

    [Fact]
    public void Permutation_differs_from_epoch_to_epoch()
    {
        ISampleReader reader = Open("permutation", Lengths);
        Assert.NotEqual(Starts(reader, 0, 50), Starts(reader, reader.SamplesPerEpoch, 50));
    }

    [Fact]
    public void Random_begins_everywhere_equally_often_and_remembers_nothing()
    {
        ISampleReader reader = Open("random", Lengths);
        int places = 405 - T;
        var counts = new long[places];
        var successors = new long[16];
        int[] starts = Starts(reader, 0, 40_000);
        for (int i = 0; i < starts.Length; i++)
        {
            counts[starts[i]]++;
            if (i > 0) // a draw and the one before it, in quarters
                successors[starts[i - 1] * 4 / places * 4 + starts[i] * 4 / places]++;
        }

        ChiSquare.IsPlausible(counts);
        Assert.All(successors, count => Assert.InRange(count, 2500 - 250, 2500 + 250));
    }

    [Fact]
    public void Random_chunks_take_every_chunk_once_an_epoch_with_an_offset_drawn_at_every_fetch()
    {
        ISampleReader reader = Open("random_chunk", Lengths);
        Assert.Equal(405 / T - 1, reader.SamplesPerEpoch);
        var (offsets, ofChunkZero) = (new long[T], new HashSet<int>());
        for (int epoch = 0; epoch < 400; epoch++)
        {
            // With r below T the chunk of a start is start / T.
            int[] starts = Starts(reader, epoch * reader.SamplesPerEpoch, (int)reader.SamplesPerEpoch);
            Assert.Equal(Enumerable.Range(0, starts.Length), starts.Select(start => start / T).Order());
            foreach (int start in starts)
                offsets[start % T]++;
            ofChunkZero.Add(starts.Min());
        }

        ChiSquare.IsPlausible(offsets);
        Assert.Equal(T, ofChunkZero.Count);
    }

    [Theory]
    [InlineData(16), InlineData(17), InlineData(23), InlineData(24)]
    public void Random_chunks_never_run_over_the_end(int tokens)
    {
        ISampleReader reader = SampleReaders.Open(new() { Type = "random_chunk" }, new ArrayStream([.. Enumerable.Range(1, tokens)]), T, 1);
        Samples samples = Samples.Of(reader, 0, 200);
        Assert.Equal(samples.Tokens.Select(token => token + 1), samples.Targets); // a wrap would begin at 1 again
    }

    [Fact]
    public void Windows_are_the_same_in_every_epoch_and_cover_the_text_once()
    {
        ISampleReader reader = Open("windows", Lengths);
        int count = (int)reader.SamplesPerEpoch;
        Assert.Equal(404 / T, count);
        int[] expected = [.. Enumerable.Range(0, count).Select(i => i * T)];
        Assert.Equal(expected, Starts(reader, 0, count).Order());
        Assert.Equal(expected, Starts(reader, count, count).Order());
        Assert.NotEqual(Starts(reader, 0, count), Starts(reader, count, count));
        Assert.NotEqual(expected, Starts(reader, 0, count));
    }

    [Fact]
    public void A_subset_of_the_windows_is_the_same_for_every_seed_and_in_every_epoch()
    {
        int[] Of(ulong seed, ulong subset, long epoch) => Starts(SampleReaders.Open(
            new() { Type = "windows", Subset = 20, SubsetSeed = subset }, ArrayStream.Counting(Lengths), T, seed), epoch * 20, 20);

        int[] chosen = Of(5, 1, 0);
        Assert.Equal(20, chosen.Distinct().Count());
        Assert.All(chosen, start => Assert.Equal(0, start % T));
        Assert.Equal(chosen.Order(), Of(6, 1, 0).Order());
        Assert.Equal(chosen.Order(), Of(5, 1, 7).Order());
        Assert.NotEqual(chosen, Of(5, 1, 7));
        Assert.NotEqual(chosen.Order(), Of(5, 2, 0).Order());
        Assert.Contains("has 50 windows of 8 tokens", Assert.Throws<DataException>(() => SampleReaders.Open(
            new() { Type = "windows", Subset = 51 }, ArrayStream.Counting(Lengths), T, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_in_order_are_those_of_the_text_and_begin_again_with_it()
    {
        ISampleReader reader = SampleReaders.Open(new() { Type = "windows", Shuffle = false }, ArrayStream.Counting(Lengths), T, 1);
        int count = (int)reader.SamplesPerEpoch;
        Assert.Equal([0, T, 2 * T, 3 * T], Starts(reader, 0, 4));
        Assert.Equal([(count - 1) * T, 0, T], Starts(reader, count - 1, 3));
    }

    [Fact]
    public void Sequential_uses_no_token_a_second_time_before_every_other_once()
    {
        ISampleReader reader = Open("sequential", Lengths);
        int ring = 404, samples = ring; // T passes over the ring
        int[] read = Samples.Of(reader, 0, samples).Tokens;
        int[] stream = ArrayStream.Counting(Lengths).Ids[..ring].ToArray();
        Assert.Equal(Enumerable.Range(0, T).SelectMany(_ => stream), read);
    }

    [Theory]
    [InlineData("permutation"), InlineData("sequential"), InlineData("windows")]
    public void Foreign_streams_that_close_documents_or_only_open_them_are_rings_too(string type)
    {
        foreach (int[] ids in (int[][])[[1, 2, 3, 4, 0, 5, 6, 7, 8, 0], [0, 1, 2, 3, 4, 0, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
        {
            ISampleReader reader = SampleReaders.Open(new() { Type = type }, new ArrayStream(ids), 3, 1);
            Samples samples = Samples.Of(reader, 0, 60);
            for (int row = 0; row < samples.Tokens.Length; row++)
            {
                if (samples.Tokens[row] == 0)
                    Assert.Contains(row, samples.Starts);
                else
                    Assert.Equal(ids[(Array.IndexOf(ids, samples.Tokens[row]) + 1) % 10], samples.Targets[row]);
            }
        }
    }

    [Theory]
    [InlineData("permutation", 8, "8 tokens; a sequence length of 8 needs 9")]
    [InlineData("sequential", 8, "8 tokens; a sequence length of 8 needs 9")]
    [InlineData("windows", 8, "8 tokens; a sequence length of 8 needs 9")]
    [InlineData("random", 8, "8 tokens; a sequence length of 8 needs 9")]
    [InlineData("random_chunk", 15, "15 tokens; a sequence length of 8 needs 16")]
    public void A_set_shorter_than_a_sample_is_refused_with_both_numbers(string type, int tokens, string said)
    {
        var e = Assert.Throws<DataException>(() => Open(type, [tokens - 2]));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.True(Open(type, [tokens - 1]).SamplesPerEpoch >= 1); // one token more is enough
    }

    [Fact]
    public void Options_that_mean_nothing_together_are_refused_in_a_sentence()
    {
        ArrayStream stream = ArrayStream.Counting(Lengths);
        foreach (var (options, said) in (ValueTuple<SampleOptions, string>[])
            [(new() { Type = "permuted" }, "permutation, random, random_chunk, windows, sequential, packed, documents"),
             (new() { Shuffle = false }, "shuffle false belongs to windows"),
             (new() { Subset = 3 }, "subset belongs to windows"),
             (new() { Type = "windows", Subset = -1 }, "subset -1 is less than 0"),
             (new() { Type = "packed", DocumentMasks = false }, "document_masks false does not go with packed")])
        {
            string message = Assert.Throws<DataException>(() => SampleReaders.Open(options, stream, T, 1)).Message;
            Assert.Contains(said, message, StringComparison.Ordinal);
        }
    }

    static ISampleReader Open(string type, int[] lengths, ulong seed = 5) =>
        SampleReaders.Open(new() { Type = type }, ArrayStream.Counting(lengths), T, seed);

    // Ids count upwards from the opener, so a sample's first token is its place.
    static int[] Starts(ISampleReader reader, long first, int count) =>
        [.. Samples.Of(reader, first, count).Tokens.Where((_, i) => i % T == 0)];
}
