namespace Cria.Data.Tests;

public sealed class FollowingThreadTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(1000)]
    public void Everything_is_taken_in_order_whatever_may_wait(long most)
    {
        List<int> taken = [];
        using (var thread = new FollowingThread<int>(taken.Add, item => item, most))
        {
            for (int i = 0; i < 500; i++)
                thread.Add(i);
            thread.Complete();
        }

        Assert.Equal(Enumerable.Range(0, 500), taken);
    }

    [Fact]
    public void No_more_waits_than_may()
    {
        using var gate = new SemaphoreSlim(0);
        int added = 0;
        using var thread = new FollowingThread<int>(_ => gate.Wait(), _ => 10, 30);
        var adding = new Thread(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                thread.Add(i);
                Interlocked.Increment(ref added);
            }
        });
        adding.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref added) >= 4, TimeSpan.FromSeconds(30)));
        Thread.Sleep(50); // one is being taken, three wait: no other can follow
        Assert.Equal(4, Volatile.Read(ref added));
        gate.Release(10);
        adding.Join();
        thread.Complete();
    }

    [Fact]
    public void A_failure_reaches_who_adds_and_who_completes()
    {
        using var thread = new FollowingThread<int>(
            item => { if (item == 3) throw new DataException("three is too many"); }, _ => 1, 1);
        var e = Assert.Throws<DataException>(() =>
        {
            for (int i = 0; i < 100; i++)
                thread.Add(i);
            thread.Complete();
        });
        Assert.Equal("three is too many", e.Message);
        Assert.Throws<DataException>(thread.Complete);
    }
}
