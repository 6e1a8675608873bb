using Cria.Engine.Kernels.Cpu;

namespace Cria.Engine.Tests.Cpu;

public sealed class WorkerPoolTests
{
    public static TheoryData<int> ThreadCounts => [1, 2, 3, 7];

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Every_row_is_done_exactly_once(int threads)
    {
        using WorkerPool pool = new(threads);
        foreach (int count in (int[])[0, 1, 2, 5, 64, 1001])
        {
            Counting work = new(count);
            pool.For(count, ref work);
            Assert.All(work.Visits, visits => Assert.Equal(1, visits));
            pool.ForChunks(count, 3, ref work);
            Assert.All(work.Visits, visits => Assert.Equal(2, visits));
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void No_wakeup_is_lost_in_thousands_of_short_loops(int threads)
    {
        using WorkerPool pool = new(threads);
        Counting work = new(threads);
        for (int i = 0; i < 3_000; i++)
        {
            pool.For(threads, ref work);
            if (i % 500 == 0)
                Thread.Sleep(1); // let the workers fall asleep
        }
        Assert.All(work.Visits, visits => Assert.Equal(3_000, visits));
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void A_failure_on_any_worker_reaches_the_caller_and_the_pool_lives_on(int threads)
    {
        using WorkerPool pool = new(threads);
        for (int row = 0; row < 8; row++)
        {
            foreach (bool chunks in (bool[])[false, true])
            {
                FormatException failure = Assert.Throws<FormatException>(() => Loop(pool, new Failing(row), chunks));
                Assert.Equal($"row {row}", failure.Message);
            }
        }
        Counting after = new(8);
        pool.For(8, ref after);
        Assert.All(after.Visits, visits => Assert.Equal(1, visits));
    }

    [Fact]
    public void A_loop_allocates_nothing()
    {
        using WorkerPool pool = new(2);
        Counting work = new(100);
        pool.For(100, ref work);
        pool.ForChunks(100, 7, ref work);
        long least = long.MaxValue;
        for (int window = 0; window < 10; window++) // the test runner allocates too, but not in every window
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 100; i++)
            {
                pool.For(100, ref work);
                pool.ForChunks(100, 7, ref work);
            }
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.InRange(least, 0, 200); // less than a byte a loop
    }

    [Fact]
    public void Nested_loops_are_refused()
    {
        using WorkerPool pool = new(2);
        Assert.Throws<InvalidOperationException>(() => Loop(pool, new Nesting(pool), chunks: false));
    }

    static void Loop<T>(WorkerPool pool, T work, bool chunks) where T : struct, IRowWork
    {
        if (chunks)
            pool.ForChunks(8, 1, ref work);
        else
            pool.For(8, ref work);
    }

    readonly struct Counting(int count) : IRowWork
    {
        public readonly int[] Visits = new int[count];

        public void Run(int start, int end, int worker)
        {
            for (int i = start; i < end; i++)
                Interlocked.Increment(ref Visits[i]);
        }
    }

    readonly struct Failing(int row) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            if (start <= row && row < end)
                throw new FormatException($"row {row}");
        }
    }

    readonly struct Nesting(WorkerPool pool) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            Counting inner = new(4);
            pool.For(4, ref inner);
        }
    }
}
