namespace Cria.Data.Tests;

public sealed class OrderedPipelineTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(7)]
    public void Results_come_in_the_order_of_the_source(int threads)
    {
        var pipeline = new OrderedPipeline<int, int>(i =>
        {
            Thread.SpinWait((int)(KeyedHash.Mix((ulong)i) % 2000)); // so that late items overtake early ones
            return i * i;
        }, threads);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * i), pipeline.Run(Enumerable.Range(0, 2000)));
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void A_failure_appears_in_its_place(int threads)
    {
        static int Work(int i) => i == 50 ? throw new DataException("the fiftieth") : i;
        var pipeline = new OrderedPipeline<int, int>(Work, threads);
        var taken = new List<int>();
        var e = Assert.Throws<DataException>(() =>
        {
            foreach (int i in pipeline.Run(Enumerable.Range(0, 100)))
                taken.Add(i);
        });
        Assert.Equal("the fiftieth", e.Message);
        Assert.Equal(Enumerable.Range(0, 50), taken);
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void A_failure_of_the_source_comes_behind_all_that_was_read_before(int threads)
    {
        static IEnumerable<int> Source(int end)
        {
            for (int i = 0; i < end; i++)
                yield return i;
            throw new DataException("the source");
        }

        static int Work(int i) => i == 50 ? throw new DataException("the fiftieth") : i;
        (string Fault, int[] Taken) Run(int end)
        {
            var taken = new List<int>();
            var e = Assert.Throws<DataException>(() =>
            {
                foreach (int i in new OrderedPipeline<int, int>(Work, threads).Run(Source(end)))
                    taken.Add(i);
            });
            return (e.Message, [.. taken]);
        }

        (string fault, int[] taken) = Run(40);
        Assert.Equal("the source", fault);
        Assert.Equal(Enumerable.Range(0, 40), taken);
        (fault, taken) = Run(52);
        Assert.Equal("the fiftieth", fault);
        Assert.Equal(Enumerable.Range(0, 50), taken);
    }

    [Fact]
    public void The_source_is_read_little_ahead()
    {
        int read = 0;
        IEnumerable<int> Source()
        {
            while (true)
                yield return read++;
        }

        Assert.Equal(10, new OrderedPipeline<int, int>(i => i, threads: 4).Run(Source()).Skip(10).First());
        Assert.InRange(read, 11, 20);
    }
}
