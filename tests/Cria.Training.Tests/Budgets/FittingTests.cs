using Cria.Training.Budgets.Fitting;

namespace Cria.Training.Tests.Budgets;

public sealed class FittingTests
{
    [Fact]
    public void A_system_is_solved_and_one_without_a_solution_is_refused()
    {
        Assert.Equal([1, -2], LinearSystem.Solve(new double[,] { { 4, 1 }, { 1, 3 } }, [2, -5])!, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Null(LinearSystem.Solve(new double[,] { { 1, 2 }, { 2, 1 } }, [1, 1]));
    }

    [Fact]
    public void A_non_negative_fit_finds_positive_answers_and_stops_at_zero_where_the_free_answer_is_negative()
    {
        double[][] rows = [[1, 0], [0, 1], [1, 1]];
        double[] free = NonNegativeFit.Solve(rows, [2, 3, 5], [1, 1], 1e-6);
        Assert.Equal(2, free[0], 6);
        Assert.Equal(3, free[1], 6);

        // min (x − 2)² + (y + 1)² + (x + y − 1)² over y ≥ 0 has y = 0 and x = 1.5.
        double[] bound = NonNegativeFit.Solve(rows, [2, -1, 1], [1, 1], 1e-6);
        Assert.Equal(1.5, bound[0], 6);
        Assert.Equal(0, bound[1]);
    }

    [Fact]
    public void What_the_observations_do_not_tell_stays_where_it_is_drawn_to()
    {
        double[] x = NonNegativeFit.Solve([[1, 0]], [4], [1, 7], 0.01);
        Assert.Equal(4, x[0], 3);
        Assert.Equal(7, x[1], 9);
    }

    [Fact]
    public void A_curve_is_found_again_from_its_points_and_one_wrong_point_does_not_move_it_far()
    {
        double[] sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];
        double[] exact = [.. sizes.Select(size => 1.5 + 3 * Math.Pow(size, -0.4))];
        double[] found = Curve(exact, double.PositiveInfinity);
        Assert.Equal(1.5, found[0], 6);
        Assert.Equal(3, found[1], 6);
        Assert.Equal(0.4, found[2], 6);

        double[] wrong = [.. exact];
        wrong[4] += 1;
        double robust = Math.Abs(Curve(wrong, 0.01)[0] - 1.5), plain = Math.Abs(Curve(wrong, double.PositiveInfinity)[0] - 1.5);
        Assert.True(robust < 0.05 && robust < plain / 3, $"robust {robust}, plain {plain}");

        double[] Curve(double[] losses, double threshold) => RobustFit.Solve([1, 1, 0.5], sizes.Length, (x, residuals) =>
        {
            for (int i = 0; i < sizes.Length; i++)
                residuals[i] = x[0] + x[1] * Math.Pow(sizes[i], -x[2]) - losses[i];
        }, threshold);
    }

    [Fact]
    public void The_interval_of_a_mean_holds_it_and_is_the_same_every_time()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => (double)(i % 10))];
        double Mean(int[] numbers) => numbers.Average(i => values[i]);
        var interval = Bootstrap.Of(values.Length, Mean);
        Assert.InRange(4.5, interval.Low, interval.High);
        Assert.InRange(interval.High - interval.Low, 0.8, 2.2); // ± 1.64 standard errors of 0.45
        Assert.Equal(interval, Bootstrap.Of(values.Length, Mean));
    }
}
