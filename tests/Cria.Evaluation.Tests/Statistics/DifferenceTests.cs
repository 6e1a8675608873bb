using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;

namespace Cria.Evaluation.Tests.Statistics;

public sealed class DifferenceTests
{
    [Fact]
    public void The_sleep_data_of_Student_gives_his_interval()
    {
        // Hours of sleep gained, drug against drug, ten patients (Student 1908): t = 4.0621 on 9 degrees, p = 0.002833.
        PairedDifference found = PairedDifference.Of([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]);
        Assert.Equal(1.58, found.Mean, 1e-12);
        Assert.Equal(1.3, found.Median, 1e-12);
        Assert.Equal(1.229995, found.Deviation, 1e-6);
        Assert.Equal(0.7001142, found.Low, 1e-6);
        Assert.Equal(2.4598858, found.High, 1e-6);
        Assert.Equal(0.00283289, found.PValue, 1e-8);
        Assert.True(found.IsResolved);
        Assert.Equal(4.6, Assert.Single(Sample.Outliers(found.Differences, 5)));
    }

    [Fact]
    public void One_pair_has_a_difference_and_no_interval()
    {
        PairedDifference found = PairedDifference.Of([-0.5]);
        Assert.Equal(-0.5, found.Mean);
        Assert.True(double.IsNaN(found.Low) && double.IsNaN(found.PValue) && double.IsNaN(found.SmallestDetectable));
        Assert.False(found.IsResolved);
    }

    [Fact]
    public void Pairs_that_differ_by_nothing_or_always_by_the_same_are_no_accident()
    {
        Assert.Equal(1, PairedDifference.Of([0, 0, 0]).PValue);
        Assert.False(PairedDifference.Of([0, 0, 0]).IsResolved);
        Assert.Equal((0.25, 0.25), (PairedDifference.Of([0.25, 0.25]).Low, PairedDifference.Of([0.25, 0.25]).High));
    }

    [Fact]
    public void Intervals_of_noise_miss_its_mean_once_in_twenty_and_the_detectable_difference_is_found_four_times_in_five()
    {
        const int trials = 4000, pairs = 4;
        double shift = StudentT.DetectableShift(0.8, pairs - 1, 0.05) / Math.Sqrt(pairs); // of noise with deviation 1
        int missed = 0, found = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            double[] noise = Noise(trial, pairs);
            missed += PairedDifference.Of(noise).IsResolved ? 1 : 0;
            found += PairedDifference.Of([.. noise.Select(value => value + shift)]).Low > 0 ? 1 : 0;
        }
        Assert.InRange(missed, 160, 240); // 200 ± 3 standard errors of a binomial
        Assert.InRange(found, 3124, 3276); // 3200 ± 3
    }

    [Fact]
    public void The_same_text_pairs_tokens_and_a_long_piece_counts_for_more()
    {
        TextDifference found = TextDifference.Of([1, -2, 6], [10, 20, 30]);
        Assert.Equal(5 / 60.0, found.Mean, 1e-15);
        double[] residuals = [1 - 50 / 60.0, -2 - 100 / 60.0, 6 - 150 / 60.0];
        Assert.Equal(Math.Sqrt(1.5 * residuals.Sum(r => r * r)) / 60, found.StandardError, 1e-15);
        Assert.Equal(3, found.Pieces);
    }

    [Fact]
    public void Ranks_hold_together_and_noise_is_not_ranked()
    {
        // Three arms, one far better, by hand: residuals of a block design.
        Ranking ranking = Ranking.Of([[3.0, 3.1, 3.2], [2.0, 2.1, 2.3], [3.01, 3.12, 3.2]]);
        Assert.Equal([1, 0, 2], ranking.Arms.Select(arm => arm.Arm));
        Assert.Equal((1, 1), (ranking.Arms[0].BestPlace, ranking.Arms[0].WorstPlace));
        Assert.Equal((2, 3), (ranking.Arms[1].BestPlace, ranking.Arms[1].WorstPlace));
        Assert.Equal(4, ranking.Freedom);
        Assert.True(ranking.Deviation < 0.05); // the seeds' own effect of 0.2 is taken out

        const int trials = 1500;
        int wrong = 0;
        for (int trial = 0; trial < trials; trial++)
            wrong += Ranking.Of([Noise(4 * trial, 3), Noise(4 * trial + 1, 3), Noise(4 * trial + 2, 3), Noise(4 * trial + 3, 3)])
                .Pairs.Any(pair => pair.AdjustedPValue < 0.05) ? 1 : 0;
        Assert.InRange(wrong, 1, 100); // at most 75 expected, and three standard errors
    }

    [Fact]
    public void Holm_multiplies_the_smallest_chance_by_all_pairs_and_keeps_their_order()
    {
        Ranking ranking = Ranking.Of([[1, 1.2], [1.5, 1.6], [3, 3.3], [3.1, 3.2]]);
        Assert.Equal(6, ranking.Pairs.Count);
        Assert.Equal(ranking.Pairs[0].PValue * 6, ranking.Pairs[0].AdjustedPValue, 1e-15);
        Assert.Equal(ranking.Pairs.Select(pair => pair.AdjustedPValue).Order(), ranking.Pairs.Select(pair => pair.AdjustedPValue));
        Assert.All(ranking.Pairs, pair => Assert.InRange(pair.AdjustedPValue, pair.PValue, 1));
    }

    static double[] Noise(int trial, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Philox(7).Normal((ulong)(trial * 100 + i)))];
}
