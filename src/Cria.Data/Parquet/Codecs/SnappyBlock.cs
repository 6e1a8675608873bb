using System.Buffers.Binary;

namespace Cria.Data.Parquet.Codecs;

/// <summary>
/// Unpacks a block of Snappy (format_description.txt of google/snappy): the length of the text, then literals and
/// copies of what stands up to four gigabytes before.
/// </summary>
static class SnappyBlock
{
    /// <summary>The most bytes that one packed byte can become: a copy of 64 takes three.</summary>
    public const int MaxExpansion = 22;

    /// <summary>Bytes that are copied at once; the longest copy.</summary>
    const int Room = 16, Longest = 64;

    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    /// <exception cref="InvalidDataException">The block is damaged, or has another length.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> output)
    {
        int from = 0, to = 0;
        ulong length = Varint(packed, ref from);
        if (length != (ulong)output.Length)
            throw new InvalidDataException($"a packed page claims {length} bytes where its header says {output.Length}");
        while (from < packed.Length)
        {
            // Most of a block goes here: nothing but short literals and copies from afar, with room to write beyond them.
            if (packed.Length - from > Room && output.Length - to > Longest + Room)
                (from, to) = UnpackFast(packed, from, output, to);
            byte tag = packed[from++];
            if ((tag & 3) == 0)
                Literal(packed, ref from, tag >> 2, output, ref to);
            else
                Copy(packed, ref from, tag, output, ref to);
        }

        if (to != output.Length)
            throw Damaged();
    }

    /// <summary>Unpacks until something comes that needs more care, before the end of both; where that is.</summary>
    static (int From, int To) UnpackFast(ReadOnlySpan<byte> packed, int from, Span<byte> output, int to)
    {
        while (from < packed.Length - Room - 1 && to < output.Length - Longest - Room)
        {
            int tag = packed[from], kind = tag & 3;
            if (kind == 0)
            {
                int last = tag >> 2;
                if (last >= Room)
                    break;
                BackCopy.Sixteen(packed, from + 1, output, to);
                (from, to) = (from + last + 2, to + last + 1);
                continue;
            }

            int two = BinaryPrimitives.ReadUInt16LittleEndian(packed[(from + 1)..]);
            int offset = kind == 1 ? ((tag >> 5) << 8) | (two & 255) : two;
            int length = kind == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
            if (kind == 3 || offset < Room || offset > to)
                break;
            BackCopy.Sixteen(output, to - offset, output, to);
            for (int done = Room; done < length; done += Room)
                BackCopy.Sixteen(output, to - offset + done, output, to + done);
            (from, to) = (from + kind + 1, to + length);
        }

        return (from, to);
    }

    static void Literal(ReadOnlySpan<byte> packed, ref int from, int size, Span<byte> output, ref int to)
    {
        uint length = (uint)size + 1;
        if (size >= 60) // the length stands in the next one to four bytes
        {
            int bytes = size - 59;
            if (packed.Length - from < bytes)
                throw Damaged();
            length = Number(packed.Slice(from, bytes)) + 1;
            from += bytes;
        }

        if (length == 0 || length > (uint)(packed.Length - from) || length > (uint)(output.Length - to))
            throw Damaged();
        packed.Slice(from, (int)length).CopyTo(output[to..]);
        (from, to) = (from + (int)length, to + (int)length);
    }

    static void Copy(ReadOnlySpan<byte> packed, ref int from, byte tag, Span<byte> output, ref int to)
    {
        int kind = tag & 3, bytes = kind == 3 ? 4 : kind;
        if (packed.Length - from < bytes)
            throw Damaged();
        int length = (tag >> 2) + 1;
        uint offset;
        if (kind == 1)
        {
            length = ((tag >> 2) & 7) + 4;
            offset = ((uint)(tag >> 5) << 8) | packed[from];
        }
        else
        {
            offset = kind == 2
                ? BinaryPrimitives.ReadUInt16LittleEndian(packed[from..])
                : BinaryPrimitives.ReadUInt32LittleEndian(packed[from..]);
        }

        from += bytes;
        if (offset == 0 || offset > (uint)to || length > output.Length - to)
            throw Damaged();
        BackCopy.Copy(output, to, (int)offset, length);
        to += length;
    }

    static uint Number(ReadOnlySpan<byte> bytes)
    {
        uint value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    static ulong Varint(ReadOnlySpan<byte> packed, ref int from)
    {
        ulong value = 0;
        for (int shift = 0; shift < 35 && from < packed.Length; shift += 7)
        {
            byte b = packed[from++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value;
        }

        throw Damaged();
    }

    static InvalidDataException Damaged() => new("a page packed with Snappy does not unpack");
}
