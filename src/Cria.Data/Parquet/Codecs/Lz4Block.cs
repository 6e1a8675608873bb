using System.Buffers.Binary;

namespace Cria.Data.Parquet.Codecs;

/// <summary>Unpacks a block of LZ4 (lz4_Block_format.md of lz4/lz4): literals, then a copy of what stands up to 64 KB
/// before, again and again.</summary>
static class Lz4Block
{
    /// <summary>The most bytes that one packed byte can become: a byte of 255 lengthens a copy by as much.</summary>
    public const int MaxExpansion = 256;

    const int ShortestCopy = 4;

    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    /// <exception cref="InvalidDataException">The block is damaged, or has another length.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> output)
    {
        int from = 0, to = 0;
        while (from < packed.Length)
        {
            byte token = packed[from++];
            int literals = Length(packed, ref from, token >> 4);
            if (literals > packed.Length - from || literals > output.Length - to)
                throw Damaged();
            packed.Slice(from, literals).CopyTo(output[to..]);
            (from, to) = (from + literals, to + literals);
            if (from == packed.Length) // the last literals have no copy behind them
                break;
            if (packed.Length - from < sizeof(ushort))
                throw Damaged();
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(packed[from..]);
            from += sizeof(ushort);
            int length = Length(packed, ref from, token & 15) + ShortestCopy;
            if (offset == 0 || offset > to || length > output.Length - to)
                throw Damaged();
            BackCopy.Copy(output, to, offset, length);
            to += length;
        }

        if (to != output.Length)
            throw Damaged();
    }

    static int Length(ReadOnlySpan<byte> packed, ref int from, int length)
    {
        if (length < 15)
            return length;
        byte more;
        do
        {
            if (from == packed.Length || length > int.MaxValue - byte.MaxValue - ShortestCopy)
                throw Damaged();
            more = packed[from++];
            length += more;
        }
        while (more == byte.MaxValue);
        return length;
    }

    static InvalidDataException Damaged() => new("a page packed with LZ4 does not unpack");
}
