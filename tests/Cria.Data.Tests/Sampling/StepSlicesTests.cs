using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

public sealed class StepSlicesTests
{
    [Theory]
    [InlineData(1, 4), InlineData(2, 4), InlineData(3, 8), InlineData(8, 3), InlineData(24, 1), InlineData(1, 24)]
    public void Ranks_take_every_sample_of_every_step_once(int ranks, int batch)
    {
        var taken = new List<long>();
        for (int step = 0; step < 5; step++)
        {
            for (int rank = 0; rank < ranks; rank++)
            {
                var slices = new StepSlices(24, batch, rank, ranks);
                Assert.Equal(24 / ranks / batch, slices.MicroBatches);
                for (int micro = 0; micro < slices.MicroBatches; micro++)
                {
                    for (int i = 0; i < batch; i++)
                        taken.Add(slices.First(step, micro) + i);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 5 * 24).Select(i => (long)i), taken.Order());
        Assert.Equal(48, new StepSlices(24, batch, ranks - 1, ranks).First(2));
    }

    [Fact]
    public void A_step_that_does_not_divide_is_refused_with_the_nearest_that_does()
    {
        var e = Assert.Throws<DataException>(() => new StepSlices(100, 8, 0, 3));
        Assert.Contains("100 samples does not divide among 3 ranks with micro-batches of 8; the nearest is 96", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSlices(24, 8, 3, 3));
    }
}
