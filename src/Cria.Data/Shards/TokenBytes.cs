using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Cria.Data.Shards;

/// <summary>Ids as they lie in files: little-endian, two bytes each or four.</summary>
static class TokenBytes
{
    /// <summary>How many bytes an id takes where the ids are below <paramref name="vocabSize"/>.</summary>
    public static int Width(int vocabSize) => vocabSize > 1 << 16 ? 4 : 2;

    /// <summary>Writes ids; their width is the room that each has.</summary>
    public static void Write(ReadOnlySpan<int> ids, Span<byte> bytes)
    {
        if (bytes.Length == sizeof(int) * (long)ids.Length)
        {
            Span<int> wide = MemoryMarshal.Cast<byte, int>(bytes);
            if (BitConverter.IsLittleEndian)
                ids.CopyTo(wide);
            else
                BinaryPrimitives.ReverseEndianness(ids, wide);
            return;
        }

        Span<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(bytes);
        ReadOnlySpan<uint> numbers = MemoryMarshal.Cast<int, uint>(ids);
        int i = 0;
        for (; i <= narrow.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> low = new(numbers[i..]), high = new(numbers[(i + Vector<uint>.Count)..]);
            Vector.Narrow(low, high).CopyTo(narrow[i..]);
        }

        for (; i < narrow.Length; i++)
            narrow[i] = (ushort)ids[i];
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(narrow, narrow);
    }

    /// <summary>Widens ids of two bytes that lie in the upper half of <paramref name="ids"/>, in place.</summary>
    public static void Widen(Span<int> ids)
    {
        // Id i is written at bytes 4i..4i+3, never beyond the next half to be read, so no second buffer is needed.
        Span<byte> upper = MemoryMarshal.AsBytes(ids)[(2 * ids.Length)..];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = BinaryPrimitives.ReadUInt16LittleEndian(upper[(2 * i)..]);
    }
}
