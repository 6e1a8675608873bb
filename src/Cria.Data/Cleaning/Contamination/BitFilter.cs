using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// A Bloom filter with one hash and 16 bits a member: it answers no for 15 of 16 others from one word of memory that
/// the cache often holds.
/// </summary>
sealed class BitFilter
{
    const int BitsPerMember = 16;

    readonly ulong[] _bits;
    readonly int _shift;

    public BitFilter(IReadOnlyCollection<ulong> hashes)
    {
        long bits = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp((long)hashes.Count * BitsPerMember, 64, 1L << 34));
        _shift = 64 - BitOperations.Log2((ulong)bits);
        _bits = new ulong[bits / 64];
        foreach (ulong hash in hashes)
            _bits[(hash >> _shift) / 64] |= 1UL << (int)((hash >> _shift) % 64);
    }

    /// <summary>False: it is no member.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayContain(ulong hash) => (_bits[(hash >> _shift) / 64] >> (int)((hash >> _shift) % 64) & 1) != 0;
}
