using Cria.Data.Predictions;

namespace Cria.Data.Tests.Predictions;

/// <summary>What is kept of one prediction.</summary>
public sealed class TokenChoiceTests
{
    [Fact]
    public void The_most_probable_are_kept_by_their_ids_the_earlier_of_equals_and_the_rest_as_one()
    {
        KeptRow row = new(3);
        new TopTokens(3).Choose([0.1f, 0.2f, 0.05f, 0.2f, 0.25f, 0.2f], key: 1, row);
        Assert.Equal([1, 3, 4], row.Ids[..row.Count]);
        Assert.Equal([0.2f, 0.2f, 0.25f], row.Logs[..3], (a, b) => Math.Abs(a - Math.Exp(b)) < 1e-6);
        Assert.Equal(0.35, new TopTokens(3).Rest(row.Extra), 1e-6);
    }

    [Theory, InlineData(1), InlineData(7), InlineData(63), InlineData(500)]
    public void They_are_those_that_sorting_finds(int count)
    {
        float[] p = Asked.Probabilities(Asked.Header(new TopTokens(1), vocabulary: 500, length: 1), window: 2);
        KeptRow row = new(count);
        new TopTokens(count).Choose(p, key: 1, row);
        int[] expected = [.. Enumerable.Range(0, 500).OrderByDescending(id => p[id]).ThenBy(id => id).Take(count).Order()];
        Assert.Equal(expected, row.Ids[..row.Count]);
        Assert.Equal(count == 500 ? 0 : 1 - expected.Sum(id => p[id]), new TopTokens(count).Rest(row.Extra), 1e-5);
    }

    [Fact]
    public void What_has_no_probability_is_not_kept()
    {
        KeptRow row = new(3);
        new TopTokens(3).Choose([0, 1, 0, 0], key: 1, row);
        Assert.Equal([1], row.Ids[..row.Count]);
        Assert.Equal(0, new TopTokens(3).Rest(row.Extra));
    }

    /// <summary>20,000 keys: each token's mean share against its probability, within five standard errors.</summary>
    [Theory]
    [InlineData(4, 1), InlineData(16, 1), InlineData(16, 1.5), InlineData(16, 0.8), InlineData(1, 2)]
    public void What_drawn_tokens_count_is_their_probability_in_expectation(int draws, double proposalTemperature)
    {
        const int Keys = 20_000;
        float[] p = Asked.Probabilities(Asked.Header(new TopTokens(1), vocabulary: 23, length: 1), window: 2);
        DrawnTokens choice = new(draws, proposalTemperature, Seed: 1);
        double[] sum = new double[p.Length], squares = new double[p.Length];
        KeptRow row = new(draws);
        for (ulong key = 0; key < Keys; key++)
        {
            choice.Choose(p, KeyedHash.Mix(key), row);
            Assert.Equal(draws, row.Times[..row.Count].Sum());
            for (int i = 0; i < row.Count; i++)
            {
                double share = choice.Share(row.Logs[i], row.Times[i], row.Extra);
                sum[row.Ids[i]] += share;
                squares[row.Ids[i]] += share * share;
            }
        }
        double all = p.Sum(x => (double)x);
        for (int id = 0; id < p.Length; id++)
        {
            double mean = sum[id] / Keys, error = Math.Sqrt(Math.Max(squares[id] / Keys - mean * mean, 1e-14) / Keys);
            Assert.True(Math.Abs(mean - p[id] / all) < 5 * error + 1e-6,
                $"token {id}: {mean:G6} on average, probability {p[id] / all:G6}, standard error {error:G3}");
        }
    }

    [Fact]
    public void A_token_is_drawn_as_often_as_it_is_probable_to_within_two()
    {
        const int Draws = 50;
        float[] p = Asked.Probabilities(Asked.Header(new TopTokens(1), vocabulary: 40, length: 1), window: 2);
        KeptRow row = new(Draws);
        for (ulong key = 0; key < 200; key++)
        {
            new DrawnTokens(Draws, 1, 1).Choose(p, KeyedHash.Mix(key), row);
            int[] times = new int[p.Length];
            for (int i = 0; i < row.Count; i++)
                times[row.Ids[i]] = row.Times[i];
            for (int id = 0; id < p.Length; id++)
                Assert.InRange(times[id] - Draws * p[id], -2, 2);
        }
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused_in_a_sentence()
    {
        Assert.Contains("keep 1 to 50", new TopTokens(51).Fault(50));
        Assert.Contains("keep 1 to 50", new TopTokens(0).Fault(50));
        Assert.Contains("1 to 65,536", new DrawnTokens(0, 1, 1).Fault(50));
        Assert.Contains("between 0.1 and 10", new DrawnTokens(5, double.NaN, 1).Fault(50));
        Assert.Null(new DrawnTokens(5, 1, 1).Fault(50));
    }
}
