using Cria.Training.Schedules;

namespace Cria.Training.Tests;

public sealed class CosineTests
{
    [Theory]
    [InlineData(0, 0.1)] // the first of ten steps of warm-up
    [InlineData(4, 0.5)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(60, 0.55)] // half way between the peak and the minimum of 0.1
    [InlineData(110, 0.1)]
    [InlineData(500, 0.1)]
    public void The_rate_rises_over_the_warm_up_and_falls_by_half_a_cosine(int step, double rate) =>
        Assert.Equal(rate, new Cosine(1, 0.1f, warmupSteps: 10, steps: 111).LearningRate(step), 1e-6);

    [Fact]
    public void Without_warm_up_it_begins_at_the_peak_and_one_step_is_no_division_by_zero()
    {
        Assert.Equal(2, new Cosine(2, 0, 0, 100).LearningRate(0));
        Assert.Equal(2, new Cosine(2, 0, 0, 1).LearningRate(0));
    }
}
