using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Cria.Data.Tokenizers;

/// <summary>
/// The merge loop: of all neighbouring pairs, join the one of lowest rank (the leftmost of equals), until no pair has a
/// rank. Each merge looks through the ranks of all pairs, which is fast where there are few; longer words go through
/// <see cref="LongWord"/> window by window. Not safe for two threads at once.
/// </summary>
sealed class WordMerger(MergeTables tables)
{
    /// <summary>Words of more symbols are merged in windows of this many.</summary>
    internal const int Window = 128;

    /// <summary>Up to this many symbols the ranks are looked through; beyond, a heap keeps them in order.</summary>
    internal const int MostLookedThrough = 512;

    /// <summary>In place of a token that has merged into the one before it.</summary>
    internal const int Hole = -1;

    readonly RankTable _table = tables.Ranks;
    readonly int[] _ranks = new int[MostLookedThrough], _next = new int[MostLookedThrough], _previous = new int[MostLookedThrough];
    MergeHeap? _heap;
    LongWord? _long;

    /// <summary>Writes the ids of a word into <paramref name="ids"/>, at least as long as the word.</summary>
    public int Merge(ReadOnlySpan<byte> word, Span<int> ids)
    {
        if (tables.WholeWord(word) is >= 0 and int whole)
        {
            ids[0] = whole;
            return 1;
        }
        int count = tables.Symbols(word, ids);
        if (count > Window)
            count = (_long ??= new LongWord(this)).Merge(ids[..count]);
        else if (count == 2)
            count = MergePair(ids);
        else if (count > 2)
        {
            MergeInPlace(ids[..count]);
            count = Compact(ids[..count]);
        }
        return tables.Finish(ids[..word.Length], count);
    }

    /// <summary>Merges symbols; a token stays where its first symbol was, <see cref="Hole"/> where its others were.</summary>
    public void MergeInPlace(Span<int> ids)
    {
        if (ids.Length <= MostLookedThrough)
            MergeByLooking(ids);
        else
            (_heap ??= new MergeHeap(tables)).Merge(ids);
    }

    int MergePair(Span<int> ids)
    {
        int rank = _table[ids[0], ids[1]];
        if (rank == MergeTables.NoRank)
            return 2;
        ids[0] = tables.Result(ids[0], ids[1], rank);
        return 1;
    }

    void MergeByLooking(Span<int> ids)
    {
        int n = ids.Length;
        Span<int> ranks = _ranks.AsSpan(0, (n + Vector256<int>.Count - 1) / Vector256<int>.Count * Vector256<int>.Count);
        ranks[Math.Max(n - 1, 0)..].Fill(MergeTables.NoRank);
        for (int i = 0; i < n; i++)
            (_previous[i], _next[i]) = (i - 1, i + 1);
        tables.SymbolRanks(ids, ranks);

        while (Smallest(ranks) is < MergeTables.NoRank and int rank)
        {
            // All pairs of this rank from left to right, until a merge makes a pair that comes before the next of them.
            int left = ranks.IndexOf(rank), next;
            while (MergeAt(left, ids, ranks) > rank && (next = ranks[(left + 1)..].IndexOf(rank)) >= 0)
                left += 1 + next;
        }
    }

    /// <summary>Merges the pair that begins at a place; the smaller rank of the two pairs that this makes.</summary>
    int MergeAt(int left, Span<int> ids, Span<int> ranks)
    {
        int right = _next[left], after = _next[right], before = _previous[left];
        ids[left] = tables.Result(ids[left], ids[right], ranks[left]);
        ids[right] = Hole;
        ranks[right] = MergeTables.NoRank;
        _next[left] = after;
        int smaller = MergeTables.NoRank;
        if (after < ids.Length)
        {
            _previous[after] = left;
            smaller = _table[ids[left], ids[after]];
        }
        ranks[left] = smaller;
        if (before >= 0)
        {
            ranks[before] = _table[ids[before], ids[left]];
            smaller = Math.Min(smaller, ranks[before]);
        }
        return smaller;
    }

    static int Smallest(ReadOnlySpan<int> ranks)
    {
        ReadOnlySpan<Vector256<int>> vectors = MemoryMarshal.Cast<int, Vector256<int>>(ranks);
        Vector256<int> eight = vectors[0];
        for (int i = 1; i < vectors.Length; i++)
            eight = Vector256.Min(eight, vectors[i]);
        Vector128<int> four = Vector128.Min(eight.GetLower(), eight.GetUpper());
        four = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(four[0], four[1]);
    }

    static int Compact(Span<int> ids)
    {
        int count = 0;
        foreach (int id in ids)
            if (id != Hole)
                ids[count++] = id;
        return count;
    }
}
