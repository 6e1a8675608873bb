using System.Buffers.Binary;

namespace Cria.Data.Parquet.Encodings;

/// <summary>PLAIN: each value is its length in four bytes, then its bytes.</summary>
sealed class PlainDecoder(ReadOnlyMemory<byte> page) : IValueDecoder
{
    const int Prefix = sizeof(int);

    int _position;

    public int Read(Span<ByteRange> ranges, long maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        bytes = page;
        ReadOnlySpan<byte> all = page.Span;
        int count = 0;
        for (long sum = 0; count < ranges.Length && (sum < maxBytes || count == 0); count++)
        {
            int left = all.Length - _position - Prefix;
            if (left < 0)
                throw new InvalidDataException("a page ends before its values");
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(all[_position..]);
            if (length > (uint)left)
                throw new InvalidDataException($"a value claims {length} bytes where {left} are left in its page");
            ranges[count] = new ByteRange(_position + Prefix, (int)length);
            _position += Prefix + (int)length;
            sum += length;
        }

        return count;
    }
}
