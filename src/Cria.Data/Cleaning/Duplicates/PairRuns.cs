using System.Runtime.InteropServices;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// A set of pairs of documents, read in the order of the later one and then of the earlier: collected in sorted runs,
/// merged when read. Runs lie in memory up to a bound and in a temporary file beyond it.
/// </summary>
/// <param name="memoryBytes">The bound.</param>
/// <param name="folder">Where the file goes.</param>
sealed class PairRuns(long memoryBytes, string? folder) : IDisposable
{
    const int ReadPairs = 4096;

    readonly object _gate = new();
    readonly List<Run> _runs = [];
    readonly SpillFile _spill = new(folder);
    long _memory;

    /// <summary>Bytes in the temporary file.</summary>
    public long SpilledBytes => _spill.SizeInBytes;

    /// <summary>Two documents as one number that sorts as the pairs do.</summary>
    public static ulong Pair(int later, int earlier) => ((ulong)(uint)later << 32) | (uint)earlier;

    /// <summary>Takes pairs, sorts them and keeps each once; the list is emptied. For several threads.</summary>
    public void Add(List<ulong> pairs)
    {
        Span<ulong> all = CollectionsMarshal.AsSpan(pairs);
        all.Sort();
        Span<ulong> distinct = all[..ShingleHashes.Distinct(all)];
        if (!distinct.IsEmpty)
        {
            lock (_gate)
            {
                long size = (long)distinct.Length * sizeof(ulong);
                bool fits = _memory + size <= memoryBytes;
                _memory += fits ? size : 0;
                _runs.Add(fits ? new Run(distinct.ToArray(), 0, distinct.Length) : new Run(null, _spill.Append(distinct), distinct.Length));
            }
        }

        pairs.Clear();
    }

    /// <summary>All pairs, each once, in order.</summary>
    public IEnumerable<(int Later, int Earlier)> InOrder()
    {
        var next = new PriorityQueue<IEnumerator<ulong>, ulong>();
        foreach (Run run in _runs)
        {
            IEnumerator<ulong> pairs = Read(run).GetEnumerator();
            if (pairs.MoveNext())
                next.Enqueue(pairs, pairs.Current);
        }

        ulong last = 0; // no pair: a document is not later than itself
        while (next.TryDequeue(out IEnumerator<ulong>? pairs, out ulong pair))
        {
            if (pair != last)
                yield return ((int)(pair >> 32), (int)(uint)pair);
            last = pair;
            if (pairs.MoveNext())
                next.Enqueue(pairs, pairs.Current);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.Clear();
        _spill.Dispose();
    }

    IEnumerable<ulong> Read(Run run)
    {
        if (run.Pairs is { } inMemory)
        {
            foreach (ulong pair in inMemory)
                yield return pair;
            yield break;
        }

        ulong[] buffer = new ulong[Math.Min(ReadPairs, run.Count)];
        for (int first = 0; first < run.Count; first += buffer.Length)
        {
            int count = Math.Min(buffer.Length, run.Count - first);
            _spill.Read(run.Offset + ((long)first * sizeof(ulong)), buffer.AsSpan(0, count));
            for (int i = 0; i < count; i++)
                yield return buffer[i];
        }
    }

    readonly record struct Run(ulong[]? Pairs, long Offset, int Count);
}
