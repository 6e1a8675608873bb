using System.Numerics;

namespace Cria.Data.Tokenizers;

/// <summary>A hash table from a pair of ids to a number ≥ 0: open addressing, at most half full, no removal.</summary>
sealed class PairTable
{
    const int Absent = -1;

    Entry[] _entries;
    int _shift;
    int _count;

    public PairTable(int expectedCount)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, expectedCount * 2));
        _entries = Empty(capacity);
        _shift = 64 - BitOperations.Log2((uint)capacity);
    }

    /// <summary>The number of pairs.</summary>
    public int Count => _count;

    /// <summary>Every pair with its value, in no order.</summary>
    public IEnumerable<(int Left, int Right, int Value)> All()
    {
        foreach (Entry entry in _entries)
            if (entry.Value != Absent)
                yield return ((int)(entry.Key >> 32), (int)(uint)entry.Key, entry.Value);
    }

    /// <summary>The value of the pair, or −1.</summary>
    public int this[int left, int right]
    {
        get
        {
            ulong key = Key(left, right);
            Entry[] entries = _entries;
            for (int i = Home(key); ; i = (i + 1) & (entries.Length - 1))
            {
                ref readonly Entry entry = ref entries[i];
                if (entry.Key == key || entry.Value == Absent)
                    return entry.Value;
            }
        }
    }

    /// <summary>Adds the pair if it is absent; returns the value that it now has.</summary>
    public int GetOrAdd(int left, int right, int value)
    {
        if ((_count + 1) * 2 > _entries.Length)
            Grow();
        ulong key = Key(left, right);
        ref Entry entry = ref Place(key);
        if (entry.Value == Absent)
        {
            entry = new Entry(key, value);
            _count++;
        }
        return entry.Value;
    }

    static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // Fibonacci hashing of both halves; the empty key is (−1, −1), which no pair of ids is.
    int Home(ulong key) => (int)(((key ^ (key >> 29)) * 0x9E3779B97F4A7C15UL) >> _shift);

    ref Entry Place(ulong key)
    {
        int i = Home(key);
        while (_entries[i].Value != Absent && _entries[i].Key != key)
            i = (i + 1) & (_entries.Length - 1);
        return ref _entries[i];
    }

    void Grow()
    {
        Entry[] old = _entries;
        _entries = Empty(old.Length * 2);
        _shift--;
        foreach (Entry entry in old)
            if (entry.Value != Absent)
                Place(entry.Key) = entry;
    }

    static Entry[] Empty(int capacity)
    {
        Entry[] entries = new Entry[capacity];
        Array.Fill(entries, new Entry(ulong.MaxValue, Absent));
        return entries;
    }

    readonly record struct Entry(ulong Key, int Value);
}
