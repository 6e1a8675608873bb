namespace Cria.Data.Tokenizers;

/// <summary>
/// The merge loop: of all neighbouring pairs, join the one of lowest rank (the leftmost of equals), until no pair has a
/// rank. Short words look through all pairs each time; long ones keep the pairs in a heap, so a megabyte without a
/// space costs n log n. Not safe for two threads at once.
/// </summary>
sealed class WordMerger(MergeTables tables)
{
    /// <summary>Up to this many symbols the plain scan is faster than the heap.</summary>
    internal const int LongestShortWord = 64;
    const int None = int.MaxValue, LargestKept = 1 << 16;

    readonly PriorityQueue<int, long> _queue = new();
    int[] _next = [];
    int[] _previous = [];

    /// <summary>Writes the ids of a word into <paramref name="ids"/>, at least as long as the word.</summary>
    public int Merge(ReadOnlySpan<byte> word, Span<int> ids)
    {
        if (tables.WholeWord(word) is >= 0 and int whole)
        {
            ids[0] = whole;
            return 1;
        }
        int count = tables.Symbols(word, ids);
        count = count <= LongestShortWord ? MergeShort(ids[..count]) : MergeLong(ids[..count]);
        return tables.Finish(ids[..word.Length], count);
    }

    int MergeShort(Span<int> ids)
    {
        Span<int> ranks = stackalloc int[LongestShortWord];
        int count = ids.Length;
        for (int i = 0; i + 1 < count; i++)
            ranks[i] = Rank(ids[i], ids[i + 1]);

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[best])
                    best = i;
            if (ranks[best] == None)
                break;

            ids[best] = tables.Result(ids[best], ids[best + 1], ranks[best]);
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            ranks[(best + 1)..(count - 1)].CopyTo(ranks[best..]);
            count--;
            if (best > 0)
                ranks[best - 1] = Rank(ids[best - 1], ids[best]);
            if (best + 1 < count)
                ranks[best] = Rank(ids[best], ids[best + 1]);
        }
        return count;
    }

    internal int MergeLong(Span<int> ids)
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
            if (ids[left] < 0 || right >= n || tables.Ranks[ids[left], ids[right]] != rank)
                continue; // one of the two has merged with another neighbour since
            ids[left] = tables.Result(ids[left], ids[right], rank);
            ids[right] = -1;
            _next[left] = _next[right];
            if (_next[left] < n)
            {
                _previous[_next[left]] = left;
                Enqueue(ids, left);
            }
            if (_previous[left] >= 0)
                Enqueue(ids, _previous[left]);
        }
        return Compact(ids);
    }

    void Enqueue(Span<int> ids, int left)
    {
        int rank = Rank(ids[left], ids[_next[left]]);
        if (rank != None)
            _queue.Enqueue(left, ((long)rank << 32) | (uint)left);
    }

    int Rank(int left, int right)
    {
        int rank = tables.Ranks[left, right];
        return rank < 0 ? None : rank;
    }

    static int Compact(Span<int> ids)
    {
        int count = 0;
        foreach (int id in ids)
            if (id >= 0)
                ids[count++] = id;
        return count;
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
