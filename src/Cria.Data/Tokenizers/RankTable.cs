using System.Numerics;

namespace Cria.Data.Tokenizers;

/// <summary>
/// The ranks of pairs, once they are all known: pair and rank in 64 bits, so that the table of a large vocabulary stays
/// near the core. What does not fit into the bits is looked up where it came from.
/// </summary>
sealed class RankTable
{
    const int IdBits = 21, RankBits = 64 - 2 * IdBits;

    readonly ulong[] _entries; // left, right, rank + 1 from the top down; 0 where empty
    readonly int _shift;
    readonly PairTable? _wide;

    public RankTable(PairTable pairs)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, pairs.Count * 2L));
        _shift = 64 - BitOperations.Log2((uint)capacity);
        _entries = new ulong[capacity];
        foreach ((int left, int right, int rank) in pairs.All())
        {
            if (((left | right) >> IdBits) != 0 || rank + 1L >= 1L << RankBits)
            {
                _wide = pairs;
                return;
            }
            ulong pair = Pair(left, right);
            int i = Home(pair);
            while (_entries[i] != 0)
                i = (i + 1) & (capacity - 1);
            _entries[i] = (pair << RankBits) | (uint)(rank + 1);
        }
    }

    /// <summary>The rank of the pair, or <see cref="MergeTables.NoRank"/>.</summary>
    public int this[int left, int right]
    {
        get
        {
            if (_wide is not null)
                return _wide[left, right] is >= 0 and int rank ? rank : MergeTables.NoRank;
            if (((left | right) >> IdBits) != 0)
                return MergeTables.NoRank;
            ulong[] entries = _entries;
            ulong pair = Pair(left, right);
            for (int i = Home(pair); ; i = (i + 1) & (entries.Length - 1))
            {
                ulong entry = entries[i];
                if (entry >> RankBits == pair && entry != 0)
                    return (int)(entry & ((1UL << RankBits) - 1)) - 1;
                if (entry == 0)
                    return MergeTables.NoRank;
            }
        }
    }

    static ulong Pair(int left, int right) => ((ulong)(uint)left << IdBits) | (uint)right;

    int Home(ulong pair) => (int)((pair ^ (pair >> IdBits)) * 0x9E3779B97F4A7C15UL >> _shift);
}
