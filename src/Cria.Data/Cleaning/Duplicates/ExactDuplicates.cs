using System.Diagnostics.CodeAnalysis;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// Which texts have been seen, by 128-bit hashes (<see cref="CleanDocument.Hash"/>): two different texts share one with
/// a chance of about n² / 2^129, 10^-25 for the 8 million documents of OpenWebText. Memory: from 20 to 25 bytes a
/// different text and 64 KB, at every moment: 200 MB at most for those 8 million.
/// </summary>
/// <remarks>
/// Open addressing with linear probing in 256 parts, each of which grows on its own by a quarter when it is four fifths
/// full; so growing holds twice only one 256th of the whole.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is asked and told; nobody enumerates hashes.")]
public sealed class ExactDuplicates
{
    /// <summary>The most bytes that one different text takes, but for the first few thousand.</summary>
    public const double MaxBytesPerDocument = SlotBytes * Growth / MaxLoad;

    const int SlotBytes = 16, Parts = 256, FirstSlots = 16;
    const double MaxLoad = 0.8, Growth = 1.25;

    readonly Part[] _parts = new Part[Parts];
    bool _hasZero; // zero marks a free slot, so the text whose hash it is has a place of its own

    /// <summary>Different texts seen.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of the table now.</summary>
    public long SizeInBytes
    {
        get
        {
            long slots = 0;
            foreach (Part part in _parts)
                slots += part.Slots?.Length ?? 0;
            return slots * SlotBytes;
        }
    }

    /// <summary>Notes a text; false if it has been seen already.</summary>
    public bool Add(UInt128 hash)
    {
        if (hash == UInt128.Zero)
        {
            bool isNew = !_hasZero;
            _hasZero = true;
            Count += isNew ? 1 : 0;
            return isNew;
        }

        // Hashes are even in every bit: the top byte chooses the part, the lower word the slot.
        ref Part part = ref _parts[(int)(hash >> 120)];
        UInt128[] slots = part.Slots ??= new UInt128[FirstSlots];
        int at = Find(slots, hash);
        if (slots[at] == hash)
            return false;
        slots[at] = hash;
        Count++;
        if (++part.Count > MaxLoad * slots.Length)
            Grow(ref part);
        return true;
    }

    /// <summary>Whether a text has been noted.</summary>
    public bool Contains(UInt128 hash) => hash == UInt128.Zero
        ? _hasZero
        : _parts[(int)(hash >> 120)].Slots is { } slots && slots[Find(slots, hash)] == hash;

    static void Grow(ref Part part)
    {
        var larger = new UInt128[(int)Math.Min(Array.MaxLength, (long)(part.Slots!.Length * Growth))];
        foreach (UInt128 hash in part.Slots)
        {
            if (hash != UInt128.Zero)
                larger[Find(larger, hash)] = hash;
        }

        part.Slots = larger;
    }

    static int Find(UInt128[] slots, UInt128 hash)
    {
        int at = (int)Math.BigMul((ulong)hash, (ulong)slots.Length, out _);
        while (slots[at] != UInt128.Zero && slots[at] != hash)
            at = at + 1 == slots.Length ? 0 : at + 1;
        return at;
    }

    struct Part
    {
        public UInt128[]? Slots;
        public int Count;
    }
}
