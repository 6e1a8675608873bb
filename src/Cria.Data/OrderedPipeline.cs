using System.Runtime.ExceptionServices;

namespace Cria.Data;

/// <summary>
/// Work on all cores whose results come out in the order in which the items went in, whatever the number of threads.
/// Few items are under way at a time, so memory is bounded by their size.
/// </summary>
/// <param name="work">What is done with an item; called from several threads at once.</param>
/// <param name="threads">How many; 1 works on the caller's own thread.</param>
sealed class OrderedPipeline<TIn, TOut>(Func<TIn, TOut> work, int threads)
{
    readonly object _gate = new();
    readonly Queue<Job> _waiting = new(); // for the workers; guarded by _gate
    readonly Queue<Job> _inOrder = new(); // for the consumer alone
    bool _stopped;

    /// <summary>
    /// The results. The source is read on the consumer's thread; a failure of the source or of the work appears where
    /// its result would have. To be enumerated once.
    /// </summary>
    public IEnumerable<TOut> Run(IEnumerable<TIn> source)
    {
        if (threads <= 1)
        {
            foreach (TIn item in source)
                yield return work(item);
            yield break;
        }

        Thread[] workers = Start();
        try
        {
            using IEnumerator<TIn> items = source.GetEnumerator();
            while (Enqueue(items))
            {
                if (_inOrder.Count >= 2 * threads)
                    yield return Take();
            }

            while (_inOrder.Count > 0)
                yield return Take();
        }
        finally
        {
            Stop(workers);
        }
    }

    Thread[] Start()
    {
        var workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"data {i}" };
            workers[i].Start();
        }

        return workers;
    }

    /// <summary>Gives the next item to the workers; false if there is none, or none could be read.</summary>
    bool Enqueue(IEnumerator<TIn> items)
    {
        Job job;
        try
        {
            if (!items.MoveNext())
                return false;
            job = new Job(items.Current);
        }
        catch (Exception e) // what came before it is shown first
        {
            _inOrder.Enqueue(new Job(default!) { Fault = ExceptionDispatchInfo.Capture(e), IsDone = true });
            return false;
        }

        _inOrder.Enqueue(job);
        lock (_gate)
        {
            _waiting.Enqueue(job);
            Monitor.PulseAll(_gate);
        }

        return true;
    }

    TOut Take()
    {
        Job job = _inOrder.Dequeue();
        lock (_gate)
        {
            while (!job.IsDone)
                Monitor.Wait(_gate);
        }

        job.Fault?.Throw();
        return job.Output!;
    }

    void Stop(Thread[] workers)
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread worker in workers)
            worker.Join();
    }

    void Work()
    {
        while (Next() is { } job)
        {
            try
            {
                job.Output = work(job.Input);
            }
            catch (Exception e) // carried to the consumer, where it is thrown again
            {
                job.Fault = ExceptionDispatchInfo.Capture(e);
            }

            lock (_gate)
            {
                job.IsDone = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    Job? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopped)
                Monitor.Wait(_gate);
            return _stopped ? null : _waiting.Dequeue();
        }
    }

    sealed class Job(TIn input)
    {
        public TIn Input { get; } = input;

        public TOut? Output { get; set; }

        public ExceptionDispatchInfo? Fault { get; set; }

        public bool IsDone { get; set; }
    }
}
