using Cria.Training.Budgets;

namespace Cria.Training.Tests.Budgets;

public sealed class LossLawTests
{
    static readonly LossLaw True = new(0.75, 30, 0.38, 25, 0.42, 100, 0.36);

    [Fact]
    public void Text_seen_once_counts_in_full_and_repetitions_less_and_less()
    {
        Assert.Equal(50, EffectiveData.Of(50, 100));
        Assert.Equal(100, EffectiveData.Of(100, 100));
        Assert.Equal(100 * (1 + 15.39 * (1 - Math.Exp(-3 / 15.39))), EffectiveData.Of(400, 100), 9); // 4 epochs: 3.73
        Assert.InRange(EffectiveData.Of(400, 100), 370, 375);
        Assert.InRange(EffectiveData.Of(1e9, 100), 1638.9, 1639.1);
    }

    [Fact]
    public void A_law_is_found_again_from_its_runs_as_far_as_predictions_go()
    {
        List<LadderRun> runs = [];
        foreach (long body in (long[])[50_000, 200_000, 600_000, 2_000_000])
            foreach (double seen in (double[])[1e6, 4e6, 2e7, 8e7])
                foreach (int vocabulary in (int[])[1024, 4096])
                    runs.Add(Run(body, vocabulary * (long)Math.Sqrt(body / 5.0), seen));
        var law = LossLawFit.Fit(runs);
        var other = Run(1_000_000, 2048 * 450, 5e7);
        Assert.Equal(1, LossLawFit.Predict(law, other) / other.BitsPerByte, 2);
        Assert.All(runs, run => Assert.InRange(LossLawFit.Predict(law, run) / run.BitsPerByte, 0.995, 1.005));
    }

    [Fact]
    public void A_run_that_went_wrong_does_not_move_the_law()
    {
        var runs = Enumerable.Range(0, 12).Select(i => Run(40_000L << (i % 6), 300_000, 2e6 * (1 << (i % 5)))).ToList();
        var right = LossLawFit.Fit(runs);
        runs[5] = runs[5] with { BitsPerByte = runs[5].BitsPerByte * 1.3 };
        var law = LossLawFit.Fit(runs);
        var other = Run(500_000, 300_000, 2e7);
        Assert.Equal(1, LossLawFit.Predict(law, other) / LossLawFit.Predict(right, other), 2);
    }

    [Fact]
    public void Too_few_runs_are_refused() =>
        Assert.Throws<TrainingException>(() => LossLawFit.Fit([Run(1000, 1000, 1e6)]));

    [Fact]
    public void The_lowest_point_of_a_parabola_is_found_and_a_hill_has_none()
    {
        List<(double, double)> points = [.. new[] { 3e5, 5e5, 8e5, 1.3e6, 2e6 }
            .Select(size => (size, 1.2 + 0.04 * Math.Pow(Math.Log(size / 7e5), 2)))];
        var parabola = Parabola.Fit(points);
        Assert.True(parabola.HasMinimum);
        Assert.Equal(7e5, parabola.BestSize, 0.5);
        Assert.Equal(1.2, parabola.Least, 9);
        Assert.Equal(1.2 + 0.04 * Math.Pow(Math.Log(2), 2), parabola.At(1.4e6), 9);
        Assert.False(Parabola.Fit([.. points.Select(point => (point.Item1, -point.Item2))]).HasMinimum);
    }

    [Fact]
    public void A_ladder_says_how_far_a_pick_is_from_the_best_size()
    {
        LadderRun[] runs = [.. new long[] { 300_000, 500_000, 800_000, 1_300_000, 2_000_000 }.Select(body => Run(body, 0, 1e6) with
        {
            BitsPerByte = (1.2 + 0.04 * Math.Pow(Math.Log(body / 7e5), 2)) / Math.Log(2) / 3,
        })];
        var curve = LadderCurve.Of(runs, bytesPerToken: 3, pick: 800_000, predicted: runs[2].BitsPerByte * 1.01);
        Assert.Equal(0.04 * Math.Pow(Math.Log(8.0 / 7), 2), curve.PickAboveLowest, 6);
        Assert.Equal(0.01, curve.LossError, 6);
        Assert.InRange(7e5, curve.BestSizes.Low * 0.99, curve.BestSizes.High * 1.01);
    }

    static LadderRun Run(long body, long embedding, double seen) => new()
    {
        Body = body,
        Embedding = embedding,
        Vocabulary = 2048,
        Tokens = (long)(seen / 3),
        SeenBytes = seen,
        UniqueBytes = 1.9e7,
        BitsPerByte = True.BitsPerByte(body, Math.Max(1, embedding), seen, 1.9e7),
    };
}
