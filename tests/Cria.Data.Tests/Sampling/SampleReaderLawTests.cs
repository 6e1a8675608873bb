using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

/// <summary>What holds for every reader.</summary>
public sealed class SampleReaderLawTests
{
    const int T = 8;

    static readonly int[] Lengths = [5, 0, 16, 1, 40, 15, 17, 3, 3, 2, 9, 30, 7, 8, 6, 1, 1, 25];

    public static TheoryData<string> Readers => [.. SampleReaders.Types, "windows in order", "unmasked", "mixture", "packed mixture"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_batch_is_the_same_however_it_is_cut_in_whatever_order_and_by_whom_it_is_read(string name)
    {
        ISampleReader reader = Open(name), other = Open(name);
        Samples whole = Samples.Of(reader, 0, 120);
        var parts = new Samples[40];
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => parts[39 - i] = Samples.Of(other, 3 * (39 - i), 3));
        Assert.Equal(whole.Tokens, parts.SelectMany(part => part.Tokens));
        Assert.Equal(whole.Targets, parts.SelectMany(part => part.Targets));
        Assert.Equal(whole.Starts, parts.SelectMany((part, i) => part.Starts.Select(start => start + 3 * T * i)));
        if (name is not ("sequential" or "windows in order"))
            Assert.NotEqual(whole.Tokens, Samples.Of(Open(name, seed: 4), 0, 120).Tokens);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_target_is_the_token_after_its_input_and_belongs_to_the_same_document(string name)
    {
        ArrayStream stream = Stream();
        Samples samples = Samples.Of(Open(name), 0, 200);
        for (int row = 0; row < samples.Tokens.Length; row++)
        {
            int token = samples.Tokens[row], target = samples.Targets[row];
            bool continues = row % T != T - 1 && !samples.Starts.Contains(row + 1);
            if (target == ISampleReader.NoTarget)
                continue;
            if (continues)
                Assert.Equal(samples.Tokens[row + 1], target);
            if (token == ArrayStream.End || name.Contains("mixture", StringComparison.Ordinal))
                continue; // many documents begin so
            int place = stream.Ids.IndexOf(token);
            Assert.Equal(stream.Ids[place + 1], target);
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Segments_begin_with_sequences_and_with_documents_and_nowhere_else(string name)
    {
        Samples samples = Samples.Of(Open(name), 5, 100);
        bool masks = name != "unmasked", packs = name.StartsWith("packed", StringComparison.Ordinal);
        Assert.Equal(samples.Starts.Order().Distinct(), samples.Starts);
        for (int row = 0; row < samples.Tokens.Length; row++)
        {
            bool opens = masks && samples.Tokens[row] == ArrayStream.End && samples.Targets[row] != ISampleReader.NoTarget;
            if (opens || row % T == 0)
                Assert.Contains(row, samples.Starts);
            else if (!packs) // which puts parts of long documents beside others
                Assert.DoesNotContain(row, samples.Starts);
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Targets_are_counted_before_they_are_read(string name)
    {
        ISampleReader reader = Open(name);
        for (int first = 0; first < 60; first += 7)
        {
            int counted = Samples.Of(reader, first, 7).Targets.Count(target => target != ISampleReader.NoTarget);
            Assert.Equal(counted, reader.CountTargets(first, 7));
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_ranks_samples_together_are_those_of_one_rank_whatever_the_micro_batch(string name)
    {
        const int PerStep = 24;
        ISampleReader reader = Open(name);
        foreach (int step in (int[])[0, 1, 17])
        {
            string[] expected = [.. Enumerable.Range(step * PerStep, PerStep).Select(i => Samples.Of(reader, i, 1).Text).Order()];
            foreach (var (ranks, batch) in ((int, int)[])[(1, 24), (2, 3), (3, 4), (4, 6), (12, 2)])
            {
                var read = new List<string>();
                for (int rank = 0; rank < ranks; rank++)
                {
                    ISampleReader own = Open(name);
                    var slices = new StepSlices(PerStep, batch, rank, ranks);
                    for (int micro = 0; micro < slices.MicroBatches; micro++)
                    {
                        for (int i = 0; i < batch; i++)
                            read.Add(Samples.Of(own, slices.First(step, micro) + i, 1).Text);
                    }
                }

                Assert.Equal(expected, read.Order());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Reading_and_counting_allocate_nothing(string name)
    {
        ISampleReader reader = Open(name);
        var (tokens, targets, starts) = (new int[16 * T], new int[16 * T], new int[16 * T]);
        reader.Read(0, 16, tokens, targets, starts);
        reader.CountTargets(0, 16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
        {
            reader.Read(step * 16, 16, tokens, targets, starts);
            reader.CountTargets(step * 16, 16);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Samples_very_far_on_can_be_read(string name)
    {
        ISampleReader reader = Open(name);
        foreach (long first in (long[])[1L << 33, 1L << 50, long.MaxValue - 10])
            Assert.Equal(3 * T, Samples.Of(reader, first, 3).Tokens.Length);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Spans_of_another_size_and_negative_samples_are_refused(string name)
    {
        ISampleReader reader = Open(name);
        int[] row = new int[T], rows = new int[2 * T];
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(0, 2, row, rows, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(0, 2, rows, row, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(0, 2, rows, rows, row));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(-1, 2, rows, rows, rows));
    }

    static ArrayStream Stream(char hash = 'a') => ArrayStream.Counting(Lengths, hash);

    static ISampleReader Open(string name, ulong seed = 3) => name switch
    {
        "windows in order" => SampleReaders.Open(new() { Type = "windows", Shuffle = false }, Stream(), T, seed),
        "unmasked" => SampleReaders.Open(new() { DocumentMasks = false }, Stream(), T, seed),
        "mixture" => Mixture("permutation", seed),
        "packed mixture" => Mixture("packed", seed),
        _ => SampleReaders.Open(new() { Type = name }, Stream(), T, seed),
    };

    static MixtureReader Mixture(string type, ulong seed) =>
        new([.. "abc".Select(hash => SampleReaders.Open(new() { Type = type }, Stream(hash), T, seed))], [4.5, 0.5, 2], seed);
}
