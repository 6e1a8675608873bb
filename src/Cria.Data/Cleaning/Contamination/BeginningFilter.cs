using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// Which lengths the runs may have that begin with given words: a bit a length, in slots found by hash, eight slots a
/// beginning. So of the lengths of all runs hardly one is looked up in vain; and a filter of bits in front, small enough
/// for the cache, spares most words the slots.
/// </summary>
sealed class BeginningFilter
{
    const int SlotsPerMember = 8;

    readonly BitFilter _front;
    readonly ushort[] _slots;
    readonly int _shift;

    /// <param name="beginnings">The hash of a run's first words, and the number of its length.</param>
    public BeginningFilter(IReadOnlyCollection<(ulong Hash, int Length)> beginnings)
    {
        long slots = Math.Clamp((long)beginnings.Count * SlotsPerMember, 64, 1 << 30);
        int bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)slots));
        (_slots, _shift) = (new ushort[1 << bits], 64 - bits);
        foreach ((ulong hash, int length) in beginnings)
            _slots[hash >> _shift] |= BitOf(length);
        _front = new BitFilter([.. beginnings.Select(beginning => beginning.Hash).Distinct()]);
    }

    /// <summary>The bits of the lengths; 0: no run begins so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint LengthsAt(ulong hash) => _front.MayContain(hash) ? _slots[hash >> _shift] : 0u;

    /// <summary>The bit of a length; lengths farther apart than there are bits share one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort BitOf(int length) => (ushort)(1 << (length % 16));
}
