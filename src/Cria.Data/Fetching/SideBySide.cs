namespace Cria.Data.Fetching;

/// <summary>Requests that wait for servers, several under way at once.</summary>
static class SideBySide
{
    /// <summary>Runs the work for every item, so many at once, begun in order; the first failure stops the others and is thrown.</summary>
    public static async Task RunAsync<T>(
        IEnumerable<T> items, int most, Func<T, CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<T> waiting = new(items);
        Exception? failure = null;

        async Task WorkAsync()
        {
            while (true)
            {
                T item;
                lock (waiting)
                {
                    if (stop.IsCancellationRequested || !waiting.TryDequeue(out item!))
                        return;
                }

                try
                {
                    await work(item, stop.Token);
                }
                catch (Exception e)
                {
                    lock (waiting)
                        failure ??= e;
                    await stop.CancelAsync();
                    return;
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(most, waiting.Count)).Select(_ => WorkAsync()));
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
