using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

public sealed class MixtureReaderTests
{
    const int T = 8;

    // RedPajama's proportions as LLaMA's paper has them.
    static readonly double[] Weights = [2.5, 4.5, 15, 67, 4.5, 2, 4.5];

    [Fact]
    public void Every_block_holds_every_source_exactly_as_often_as_its_weight_says()
    {
        MixtureReader reader = Mixture(Weights);
        for (int block = 0; block < 50; block++)
        {
            var counts = new int[7];
            for (int i = 0; i < 200; i++)
                counts[reader.Pick(block * 200 + i).Source]++;
            Assert.Equal(Weights.Select(weight => (int)(2 * weight)), counts);
        }

        Assert.Equal(0.67, reader.Share(3), 1e-15);
    }

    [Fact]
    public void Each_source_is_used_up_in_its_own_order_without_a_gap()
    {
        MixtureReader reader = Mixture(Weights);
        var own = Enumerable.Range(0, 7).Select(_ => new List<long>()).ToArray();
        for (int i = 0; i < 200 * 20; i++)
        {
            var (source, sample) = reader.Pick(i);
            own[source].Add(sample);
        }

        Assert.All(own, samples => Assert.Equal(Enumerable.Range(0, samples.Count).Select(i => (long)i), samples.Order()));
    }

    [Fact]
    public void A_sample_is_that_of_its_source_read_alone()
    {
        MixtureReader reader = Mixture([3, 1]);
        ISampleReader[] alone = [Source('0'), Source('1')];
        for (int i = 0; i < 400; i++)
        {
            var (source, sample) = reader.Pick(i);
            Assert.Equal(Samples.Of(alone[source], sample, 1).Text, Samples.Of(reader, i, 1).Text);
        }
    }

    [Fact]
    public void Sources_come_in_no_pattern()
    {
        MixtureReader reader = Mixture(Weights);
        var places = new long[200];
        int repeats = 0, samples = 200 * 600;
        for (int i = 0; i < samples; i++)
        {
            int source = reader.Pick(i).Source;
            if (source == 2)
                places[i % 200]++;
            if (source == 3 && reader.Pick(i + 1).Source == 3)
                repeats++;
        }

        ChiSquare.IsPlausible(places);
        Assert.InRange(repeats / (double)samples, 0.67 * 0.67 - 0.01, 0.67 * 0.67 + 0.01);
    }

    [Theory]
    [InlineData(new[] { 1.0, 1.0 }, 2), InlineData(new[] { 0.1, 0.3 }, 4), InlineData(new[] { 70.0, 30.0 }, 10)]
    [InlineData(new[] { 5.0 }, 1), InlineData(new[] { 1e300, 1e300 }, 1 << 16), InlineData(new[] { 1.0, 1e-9 }, 1 << 16)]
    public void Blocks_are_as_short_as_the_weights_allow(double[] weights, int block)
    {
        var schedule = new MixtureSchedule(weights, 1);
        Assert.Equal(block, schedule.Block);
    }

    [Fact]
    public void Awkward_weights_are_right_to_one_in_sixty_five_thousand_and_none_is_forgotten()
    {
        double[] weights = [Math.PI, Math.E, 1 / 3.0, 1e-12, 100 * Math.Sqrt(2)];
        var schedule = new MixtureSchedule(weights, 1);
        Assert.Equal(1 << 16, schedule.Block);
        for (int source = 0; source < weights.Length; source++)
        {
            Assert.True(schedule.Count(source) >= 1);
            Assert.Equal(weights[source] / weights.Sum() * 65_536, schedule.Count(source), 2.0);
        }
    }

    [Fact]
    public void A_thousand_sources_of_any_weights_fill_their_block()
    {
        double[] weights = [.. Enumerable.Range(1, 1000).Select(i => 1.0 / i / i)];
        var schedule = new MixtureSchedule(weights, 1);
        Assert.Equal(schedule.Block, Enumerable.Range(0, 1000).Sum(schedule.Count));
        Assert.Equal(1, schedule.Count(999));
    }

    [Fact]
    public void Other_weights_are_another_schedule_over_the_same_data()
    {
        Assert.Equal(Mixture([1, 2]).ManifestHash, Mixture([2, 1]).ManifestHash);
        Assert.NotEqual(Mixture([1, 2]).ManifestHash, Mixture([1, 2, 3]).ManifestHash);
        int first = 0;
        for (int i = 0; i < 300; i++)
            first += Mixture([1, 2]).Pick(i).Source == 0 ? 1 : 0;
        Assert.Equal(100, first);
    }

    [Fact]
    public void A_mixture_that_means_nothing_is_refused_in_a_sentence()
    {
        string Refusal(ISampleReader[] sources, double[] weights) =>
            Assert.Throws<DataException>(() => new MixtureReader(sources, weights, 1)).Message;
        Assert.Contains("0 sources", Refusal([], []), StringComparison.Ordinal);
        foreach (double weight in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Assert.Contains("is not above 0", Refusal([Source('0'), Source('1')], [1, weight]), StringComparison.Ordinal);
        Assert.Contains("same data twice", Refusal([Source('0'), Source('0')], [1, 1]), StringComparison.Ordinal);
    }

    static ISampleReader Source(char hash) =>
        SampleReaders.Open(new(), ArrayStream.Counting([50 + 10 * (hash - '0'), 20], hash), T, seed: 2);

    static MixtureReader Mixture(double[] weights) => new([.. weights.Select((_, i) => Source((char)('0' + i)))], weights, seed: 2);
}
