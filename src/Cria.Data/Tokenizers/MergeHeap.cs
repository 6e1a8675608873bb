namespace Cria.Data.Tokenizers;

/// <summary>
/// The merge loop for many symbols: pairs wait in a heap by rank and place, and one that no longer holds is passed over
/// when it comes up. n symbols cost n log n.
/// </summary>
sealed class MergeHeap(MergeTables tables)
{
    const int LargestKept = 1 << 16;

    readonly RankTable _ranks = tables.Ranks;
    readonly PriorityQueue<int, long> _queue = new();
    int[] _next = [];
    int[] _previous = [];

    /// <inheritdoc cref="WordMerger.MergeInPlace"/>
    public void Merge(Span<int> ids)
    {
        int n = ids.Length;
        Reserve(n);
        for (int i = 0; i < n; i++)
            (_previous[i], _next[i]) = (i - 1, i + 1);
        for (int i = 0; i + 1 < n; i++)
            Enqueue(ids, i);

        while (_queue.TryDequeue(out int left, out long priority))
        {
            int right = _next[left], rank = (int)(priority >> 32);
            if (ids[left] < 0 || right >= n || _ranks[ids[left], ids[right]] != rank)
                continue; // one of the two has merged with another neighbour since
            ids[left] = tables.Result(ids[left], ids[right], rank);
            ids[right] = WordMerger.Hole;
            _next[left] = _next[right];
            if (_next[left] < n)
            {
                _previous[_next[left]] = left;
                Enqueue(ids, left);
            }
            if (_previous[left] >= 0)
                Enqueue(ids, _previous[left]);
        }
    }

    void Enqueue(Span<int> ids, int left)
    {
        int rank = _ranks[ids[left], ids[_next[left]]];
        if (rank != MergeTables.NoRank)
            _queue.Enqueue(left, ((long)rank << 32) | (uint)left);
    }

    void Reserve(int n)
    {
        _queue.Clear();
        if (_next.Length >= n && _next.Length <= LargestKept)
            return;
        int capacity = Math.Max(n, 256);
        _next = new int[capacity];
        _previous = new int[capacity];
        if (_queue.EnsureCapacity(0) > LargestKept && n <= LargestKept)
            _queue.TrimExcess(); // one enormous word does not keep its memory for ever
    }
}
