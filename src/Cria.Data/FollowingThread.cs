using System.Runtime.ExceptionServices;

namespace Cria.Data;

/// <summary>
/// A thread that takes items in order while the caller makes more: the last stage of a pipeline. Few items wait at a
/// time, so memory is bounded by their size.
/// </summary>
sealed class FollowingThread<T> : IDisposable
{
    readonly Lock _gate = new();
    readonly Queue<T> _waiting = new();
    readonly SemaphoreSlim _room, _items = new(0);
    readonly Action<T> _take;
    readonly Thread _thread;
    ExceptionDispatchInfo? _fault;
    bool _isComplete;

    /// <param name="take">What is done with an item, on the thread.</param>
    /// <param name="most">How many items may wait.</param>
    public FollowingThread(Action<T> take, int most)
    {
        _take = take;
        _room = new SemaphoreSlim(most);
        _thread = new Thread(Work) { IsBackground = true, Name = "data writer" };
        _thread.Start();
    }

    /// <summary>Hands over an item; waits while too many wait. Throws what an earlier item made fail.</summary>
    public void Add(T item)
    {
        _room.Wait();
        Volatile.Read(ref _fault)?.Throw();
        lock (_gate)
            _waiting.Enqueue(item);
        _items.Release();
    }

    /// <summary>Waits until every item is taken. Throws what made one fail.</summary>
    public void Complete()
    {
        Stop();
        Volatile.Read(ref _fault)?.Throw();
    }

    /// <summary>Waits until every item is taken, or one has failed.</summary>
    public void Dispose()
    {
        Stop();
        _room.Dispose();
        _items.Dispose();
    }

    void Stop()
    {
        if (_isComplete)
            return;
        _isComplete = true;
        _items.Release(); // one more than there are items: the end
        _thread.Join();
    }

    void Work()
    {
        while (true)
        {
            _items.Wait();
            T? item;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out item))
                    return;
            }

            try
            {
                if (_fault is null)
                    _take(item);
            }
            catch (Exception e) // carried to the caller, where it is thrown again
            {
                Volatile.Write(ref _fault, ExceptionDispatchInfo.Capture(e));
            }

            _room.Release();
        }
    }
}
