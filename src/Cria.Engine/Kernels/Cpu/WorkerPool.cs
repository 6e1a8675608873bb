using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// Threads that stay alive and split loops among them without allocating. The caller is worker 0. A waiting thread
/// spins for some microseconds, because the next loop of a step usually follows at once, and then sleeps. One loop runs
/// at a time; work must not start another loop on the same pool.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>A cell per worker, a cache line apart, so that waiting threads do not disturb each other.</summary>
    const int CellStride = 32;

    static readonly long SpinTicks = Stopwatch.Frequency * 30 / 1_000_000;

    readonly Thread[] _workers;
    readonly SemaphoreSlim[] _wakeups;
    readonly Exception?[] _failures;
    readonly int[] _asleep;

    delegate*<WorkerPool, void*, int, void> _body;
    void* _work;
    int _count;
    int _chunkSize;
    int _nextChunk;
    int _generation;
    int _pending;
    int _busy;
    bool _stopping;

    /// <summary>A pool of <paramref name="threads"/> threads, of which threads - 1 are started here.</summary>
    /// <param name="threads">At least 1; 0 means one per processor of this process.</param>
    public WorkerPool(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        _asleep = new int[(Threads + 1) * CellStride];
        _failures = new Exception?[Threads];
        _wakeups = new SemaphoreSlim[Threads];
        _workers = new Thread[Threads - 1];
        for (int i = 0; i < Threads; i++)
            _wakeups[i] = new SemaphoreSlim(0);
        for (int i = 1; i < Threads; i++)
        {
            int worker = i;
            _workers[i - 1] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"cria worker {worker}" };
            _workers[i - 1].Start();
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Loops so far that were shared among the threads; the caller did the others alone.</summary>
    public long SharedLoops { get; private set; }

    /// <summary>How often a loop found a worker asleep and had to wake it, which takes far longer than a loop itself.</summary>
    public long Wakeups { get; private set; }

    /// <summary>
    /// Splits [0, count) into one contiguous range per worker and returns when all are done. The ranges depend only on
    /// count and <see cref="Threads"/>; empty ranges are not run. A failure on any worker is thrown here.
    /// <paramref name="work"/> must be a local variable: workers reach it by its address on the caller's stack.
    /// </summary>
    public void For<T>(int count, ref T work) where T : struct, IRowWork
    {
        if (count <= 0)
            return;
        if (Threads == 1 || count == 1)
            work.Run(0, count, 0);
        else
            Start(&RunRange<T>, Unsafe.AsPointer(ref work), count, 1);
    }

    /// <summary>
    /// Splits [0, count) into chunks of <paramref name="chunkSize"/> that free workers claim in ascending order: for
    /// work of uneven cost whose result does not depend on who does which chunk. Else as <see cref="For"/>.
    /// </summary>
    public void ForChunks<T>(int count, int chunkSize, ref T work) where T : struct, IRowWork
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        if (count <= 0)
            return;
        if (Threads > 1 && count > chunkSize)
        {
            Start(&RunChunks<T>, Unsafe.AsPointer(ref work), count, chunkSize);
            return;
        }
        for (int start = 0; start < count; start += chunkSize)
            work.Run(start, Math.Min(start + chunkSize, count), 0);
    }

    /// <summary>Ends the threads. No loop may be running.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        Wake();
        foreach (Thread worker in _workers)
            worker.Join();
        foreach (SemaphoreSlim wakeup in _wakeups)
            wakeup.Dispose();
    }

    void Start(delegate*<WorkerPool, void*, int, void> body, void* work, int count, int chunkSize)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("A loop is already running on this pool; loops cannot be nested.");
        _body = body;
        _work = work;
        (_count, _chunkSize, _nextChunk) = (count, chunkSize, 0);
        _pending = Threads - 1;
        SharedLoops++;
        Wake();
        RunGuarded(0);
        if (Volatile.Read(ref _pending) != 0 && !SpinUntilDone())
            SleepUntilDone();
        _busy = 0;
        ThrowFailure();
    }

    static void RunRange<T>(WorkerPool pool, void* work, int worker) where T : struct, IRowWork
    {
        long count = pool._count;
        int start = (int)(count * worker / pool.Threads);
        int end = (int)(count * (worker + 1) / pool.Threads);
        if (start < end)
            Unsafe.AsRef<T>(work).Run(start, end, worker);
    }

    static void RunChunks<T>(WorkerPool pool, void* work, int worker) where T : struct, IRowWork
    {
        int size = pool._chunkSize;
        while (true)
        {
            long start = (long)(Interlocked.Increment(ref pool._nextChunk) - 1) * size;
            if (start >= pool._count)
                return;
            Unsafe.AsRef<T>(work).Run((int)start, (int)Math.Min(start + size, pool._count), worker);
        }
    }

    void Serve(int worker)
    {
        int seen = 0;
        while (true)
        {
            AwaitGeneration(worker, seen);
            seen++;
            if (_stopping)
                return;
            RunGuarded(worker);
            if (Interlocked.Decrement(ref _pending) == 0 && Interlocked.Exchange(ref _asleep[0], 0) == 1)
                _wakeups[0].Release();
        }
    }

    void RunGuarded(int worker)
    {
        try
        {
            _body(this, _work, worker);
        }
        catch (Exception failure)
        {
            _failures[worker] = failure; // Start throws it on the caller's thread
        }
    }

    void ThrowFailure()
    {
        Exception? first = null;
        for (int i = 0; i < _failures.Length; i++)
        {
            first ??= _failures[i];
            _failures[i] = null;
        }
        if (first != null)
            ExceptionDispatchInfo.Throw(first);
    }

    void Wake()
    {
        Interlocked.Increment(ref _generation);
        for (int i = 1; i < Threads; i++)
        {
            if (Volatile.Read(ref _asleep[i * CellStride]) == 1
                && Interlocked.Exchange(ref _asleep[i * CellStride], 0) == 1)
            {
                Wakeups++;
                _wakeups[i].Release();
            }
        }
    }

    void AwaitGeneration(int worker, int seen)
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            if (Volatile.Read(ref _generation) != seen)
                return;
            Thread.SpinWait(4);
        }
        while (Stopwatch.GetTimestamp() < deadline);

        // Announce the sleep, then look again: a waker either sees the announcement, or we see its generation. Who
        // takes the announcement back decides: if it was the waker, its Release is on the way and must be consumed. A
        // waker still busy with the generation before may wake us too early, hence the loop.
        ref int asleep = ref _asleep[worker * CellStride];
        while (Volatile.Read(ref _generation) == seen)
        {
            Interlocked.Exchange(ref asleep, 1);
            if (Volatile.Read(ref _generation) == seen || Interlocked.Exchange(ref asleep, 0) == 0)
                _wakeups[worker].Wait();
        }
    }

    bool SpinUntilDone()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            Thread.SpinWait(4);
            if (Volatile.Read(ref _pending) == 0)
                return true;
        }
        while (Stopwatch.GetTimestamp() < deadline);
        return false;
    }

    /// <summary>As <see cref="AwaitGeneration"/>, with the same early wakeups.</summary>
    void SleepUntilDone()
    {
        while (Volatile.Read(ref _pending) != 0)
        {
            Interlocked.Exchange(ref _asleep[0], 1);
            if (Volatile.Read(ref _pending) != 0 || Interlocked.Exchange(ref _asleep[0], 0) == 0)
                _wakeups[0].Wait();
        }
    }
}
