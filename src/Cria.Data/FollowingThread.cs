using System.Runtime.ExceptionServices;

namespace Cria.Data;

/// <summary>
/// A thread that takes items in order while the caller makes more: the last stage of a pipeline. What waits is bounded
/// by its size, so that many small items bridge a pause of the disk and a few large ones do not fill the memory.
/// </summary>
sealed class FollowingThread<T> : IDisposable
{
    readonly object _gate = new();
    readonly Queue<T> _waiting = new();
    readonly Action<T> _take;
    readonly Func<T, long> _size;
    readonly long _most;
    readonly Thread _thread;
    ExceptionDispatchInfo? _fault;
    long _sizeWaiting;
    bool _isComplete;

    /// <param name="take">What is done with an item, on the thread.</param>
    /// <param name="size">How large an item is.</param>
    /// <param name="most">How much may wait; a single item may be larger.</param>
    public FollowingThread(Action<T> take, Func<T, long> size, long most)
    {
        (_take, _size, _most) = (take, size, most);
        _thread = new Thread(Work) { IsBackground = true, Name = "data writer" };
        _thread.Start();
    }

    /// <summary>Hands over an item; waits while too much waits. Throws what an earlier item made fail.</summary>
    public void Add(T item)
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 && _sizeWaiting >= _most && _fault is null)
                Monitor.Wait(_gate);
            _fault?.Throw();
            _waiting.Enqueue(item);
            _sizeWaiting += _size(item);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until every item is taken. Throws what made one fail.</summary>
    public void Complete()
    {
        Dispose();
        _fault?.Throw();
    }

    /// <summary>Waits until every item is taken, or one has failed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    void Work()
    {
        while (Next(out T? item))
        {
            try
            {
                _take(item!);
            }
            catch (Exception e) // carried to the caller, where it is thrown again
            {
                lock (_gate)
                {
                    _fault = ExceptionDispatchInfo.Capture(e);
                    Monitor.PulseAll(_gate);
                    return;
                }
            }
        }
    }

    bool Next(out T? item)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isComplete)
                Monitor.Wait(_gate);
            if (!_waiting.TryDequeue(out item))
                return false;
            _sizeWaiting -= _size(item);
            Monitor.PulseAll(_gate);
            return true;
        }
    }
}
