using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Encodes single words, one thread at a time, and remembers those it has seen: a fixed table of short words, in which
/// a newcomer takes the place of whoever had it. Text repeats itself, so most words are one look-up.
/// </summary>
sealed class WordEncoder(WordMerger merger)
{
    const int LongestCached = 16, MostCachedIds = 6, SlotBits = 14;

    readonly Slot[] _slots = new Slot[1 << SlotBits];

    /// <summary>Writes the ids of a word into <paramref name="ids"/>, at least as long as the word.</summary>
    public int Encode(ReadOnlySpan<byte> word, Span<int> ids)
    {
        if (word.Length > LongestCached)
            return merger.Merge(word, ids);

        (ulong low, ulong high) = Pack(word);
        ref Slot slot = ref _slots[Home(low, high, word.Length)];
        if (slot.Low == low && slot.High == high && slot.Length == word.Length)
        {
            for (int i = 0; i < slot.Count; i++)
                ids[i] = slot.Ids[i];
            return slot.Count;
        }
        int count = merger.Merge(word, ids);
        if (count <= MostCachedIds)
        {
            (slot.Low, slot.High, slot.Length, slot.Count) = (low, high, (short)word.Length, (short)count);
            for (int i = 0; i < count; i++)
                slot.Ids[i] = ids[i];
        }
        return count;
    }

    /// <summary>The bytes of a word of up to 16 bytes; with its length they are the word, exactly.</summary>
    static (ulong Low, ulong High) Pack(ReadOnlySpan<byte> word)
    {
        int n = word.Length;
        if (n >= 8)
            return (BinaryPrimitives.ReadUInt64LittleEndian(word),
                BinaryPrimitives.ReadUInt64LittleEndian(word[(n - 8)..]));
        if (n >= 4)
            return (BinaryPrimitives.ReadUInt32LittleEndian(word),
                BinaryPrimitives.ReadUInt32LittleEndian(word[(n - 4)..]));
        return (((ulong)word[n >> 1] << 16) | ((ulong)word[0] << 8) | word[n - 1], 0);
    }

    static int Home(ulong low, ulong high, int length)
    {
        ulong hash = (low * 0x9E3779B97F4A7C15UL) ^ ((high + (ulong)length) * 0xC2B2AE3D27D4EB4FUL);
        return (int)((hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL >> (64 - SlotBits));
    }

    struct Slot
    {
        public ulong Low, High;
        public short Length, Count;
        public CachedIds Ids;
    }

    [InlineArray(MostCachedIds)]
    struct CachedIds
    {
        int _first;
    }
}
