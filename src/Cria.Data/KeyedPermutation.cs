using System.Numerics;

namespace Cria.Data;

/// <summary>
/// A shuffle of [0, Count) without a table: where <c>i</c> goes is computed from the key alone, so any machine can ask
/// for any sample of any epoch. A Feistel network over the smallest even number of bits that holds Count, walked along
/// its cycle until it lands inside (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
/// </summary>
public readonly struct KeyedPermutation
{
    const int Rounds = 8;

    readonly ulong _key;
    readonly ulong _mask;
    readonly int _halfBits;

    /// <summary>The shuffle that belongs to a key.</summary>
    /// <param name="key">The key; equal keys give equal shuffles.</param>
    /// <param name="count">How many numbers are shuffled, at least 1.</param>
    public KeyedPermutation(ulong key, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _key = key;
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)(count - 1));
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _mask = (1UL << _halfBits) - 1;
    }

    /// <summary>The shuffle of a data set's windows in one epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="manifestHash">Which data: 64 hexadecimal digits.</param>
    /// <param name="epoch">Which pass over the data, from 0.</param>
    /// <param name="count">How many windows.</param>
    public KeyedPermutation(ulong seed, string manifestHash, long epoch, long count)
        : this(KeyedHash.Combine(KeyedHash.Combine(seed, KeyedHash.OfHex(manifestHash)), (ulong)epoch), count)
    {
    }

    /// <summary>How many numbers are shuffled.</summary>
    public long Count { get; }

    /// <summary>Where <paramref name="index"/> goes; a bijection of [0, Count).</summary>
    public long this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)Count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"expected 0 to {Count - 1}");

            ulong place = (ulong)index;
            do
                place = Once(place);
            while (place >= (ulong)Count);
            return (long)place;
        }
    }

    ulong Once(ulong x)
    {
        (ulong left, ulong right) = (x >> _halfBits, x & _mask);
        for (ulong round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (KeyedHash.Combine(_key + round, right) & _mask));
        return (left << _halfBits) | right;
    }
}
