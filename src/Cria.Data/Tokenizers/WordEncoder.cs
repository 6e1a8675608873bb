using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Encodes single words, one thread at a time, and remembers those it has seen: a fixed table of short words, two to a
/// cache line, in which a newcomer takes the place of the one not met for longer. Text repeats itself, so most words are
/// one look-up.
/// </summary>
sealed class WordEncoder(WordMerger merger)
{
    const int LongestCached = 15, MostCachedIds = 4, LineBits = 15, CountShift = 28, IdMask = (1 << CountShift) - 1;

    readonly int[] _ofByte = Unknown();
    readonly Slot[] _slots = GC.AllocateArray<Slot>(2 << LineBits, pinned: true);

    /// <summary>Writes the ids of a word into <paramref name="ids"/>, at least as long as the word.</summary>
    public int Encode(ReadOnlySpan<byte> word, Span<int> ids)
    {
        if (word.Length == 1)
            return EncodeByte(word, ids);
        if (word.Length > LongestCached)
            return merger.Merge(word, ids);

        (ulong low, ulong high) = Pack(word);
        ref Slot newer = ref _slots[Home(low, high)], older = ref Unsafe.Add(ref newer, 1);
        if (newer.Low == low && newer.High == high)
            return newer.Ids.Write(ids);
        if (older.Low == low && older.High == high)
        {
            (newer, older) = (older, newer);
            return newer.Ids.Write(ids);
        }
        int count = merger.Merge(word, ids);
        if (CachedIds.CanHold(ids[..count]))
        {
            older = newer;
            (newer.Low, newer.High, newer.Ids) = (low, high, new CachedIds(ids[..count]));
        }
        return count;
    }

    int EncodeByte(ReadOnlySpan<byte> word, Span<int> ids)
    {
        int known = _ofByte[word[0]];
        if (known >= 0)
        {
            ids[0] = known;
            return 1;
        }
        int count = merger.Merge(word, ids);
        if (count == 1)
            _ofByte[word[0]] = ids[0];
        return count;
    }

    static int[] Unknown()
    {
        int[] ids = new int[256];
        Array.Fill(ids, -1);
        return ids;
    }

    /// <summary>The bytes of a word of 1 to 15 bytes, and its length: no two words are packed alike, none to zero.</summary>
    static (ulong Low, ulong High) Pack(ReadOnlySpan<byte> word)
    {
        int n = word.Length;
        ulong length = (ulong)n << 56;
        if (n >= 8) // the last eight bytes, without those that are among the first eight
            return (BinaryPrimitives.ReadUInt64LittleEndian(word),
                length | (BinaryPrimitives.ReadUInt64LittleEndian(word[(n - 8)..]) >> 8 >> (8 * (15 - n))));
        if (n >= 4)
            return (BinaryPrimitives.ReadUInt32LittleEndian(word)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(word[(n - 4)..]) << 32), length);
        return (((ulong)word[n >> 1] << 16) | ((ulong)word[0] << 8) | word[n - 1], length);
    }

    static int Home(ulong low, ulong high)
    {
        ulong hash = (low * 0x9E3779B97F4A7C15UL) ^ (high * 0xC2B2AE3D27D4EB4FUL);
        return (int)((hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL >> (64 - LineBits)) << 1;
    }

    struct Slot
    {
        public ulong Low, High;
        public CachedIds Ids;
    }

    /// <summary>Up to four ids; the first has their count in its upper bits.</summary>
    [InlineArray(MostCachedIds)]
    struct CachedIds
    {
        int _first;

        public CachedIds(ReadOnlySpan<int> ids)
        {
            ids.CopyTo(this);
            _first |= ids.Length << CountShift;
        }

        public static bool CanHold(ReadOnlySpan<int> ids) => ids.Length is > 0 and <= MostCachedIds && ids[0] <= IdMask;

        public readonly int Write(Span<int> ids)
        {
            int count = (int)((uint)_first >> CountShift);
            ids[0] = _first & IdMask;
            for (int i = 1; i < count; i++)
                ids[i] = this[i];
            return count;
        }
    }
}
