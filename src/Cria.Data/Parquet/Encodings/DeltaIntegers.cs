using System.Buffers.Binary;
using System.Numerics;

namespace Cria.Data.Parquet.Encodings;

/// <summary>
/// DELTA_BINARY_PACKED: lengths as differences from one to the next, in blocks that have a least difference, and
/// miniblocks that have a number of bits. A reader, not a list: millions of equal lengths take a handful of bytes.
/// </summary>
struct DeltaIntegers
{
    const int MaxBlock = 1 << 20, MaxMiniblocks = 1 << 10;

    readonly ReadOnlyMemory<byte> _bytes;
    readonly int _miniblocks, _miniblockValues;
    readonly int _count;
    int _position;
    int _read;
    int _value; // the next to be returned
    long _leastDelta;
    int _widths; // where the widths of the current block stand
    int _miniblock;
    int _miniblockLeft;
    long _bit;

    /// <summary>Reads the header.</summary>
    /// <param name="bytes">The block; other things may follow it.</param>
    /// <param name="maxCount">Numbers that there can be.</param>
    public DeltaIntegers(ReadOnlyMemory<byte> bytes, int maxCount)
    {
        _bytes = bytes;
        ulong block = Varint(), miniblocks = Varint(), count = Varint();
        if (block is 0 or > MaxBlock || miniblocks is 0 or > MaxMiniblocks || block % miniblocks != 0 || block / miniblocks % 8 != 0)
            throw new InvalidDataException($"lengths claim blocks of {block} in {miniblocks} parts");
        if (count > (ulong)maxCount)
            throw new InvalidDataException($"a page of {maxCount} values claims {count} lengths");
        (_miniblocks, _miniblockValues, _count) = ((int)miniblocks, (int)(block / miniblocks), (int)count);
        _miniblock = _miniblocks;
        _value = (int)ZigZag(Varint());
    }

    /// <summary>How many lengths there are.</summary>
    public readonly int Count => _count;

    /// <summary>The next length; not negative.</summary>
    public int Next()
    {
        if (_read == _count)
            throw new InvalidDataException("a page has fewer lengths than values");
        int value = _value;
        if (value < 0)
            throw new InvalidDataException($"a value claims {value} bytes");
        if (++_read < _count)
            _value = (int)(_value + Delta()); // differences wrap around, as writers let them
        return value;
    }

    /// <summary>Reads all that are left: their sum, and where the bytes behind them begin.</summary>
    public long SumToEnd(out int end)
    {
        long sum = 0;
        while (_read < _count)
            sum += Next();
        end = _position;
        return sum;
    }

    long Delta()
    {
        if (_miniblockLeft == 0)
            BeginMiniblock();
        _miniblockLeft--;
        int width = _bytes.Span[_widths + _miniblock];
        if (width == 0)
            return _leastDelta;
        ReadOnlySpan<byte> from = _bytes.Span[(int)(_bit >> 3)..];
        int shift = (int)(_bit & 7);
        _bit += width;
        // The miniblock is there whole, so what is missing here belongs to no number.
        UInt128 bits = from.Length >= 16 ? BinaryPrimitives.ReadUInt128LittleEndian(from) : Partial(from);
        return unchecked(_leastDelta + (long)((ulong)(bits >> shift) & (ulong.MaxValue >> (64 - width))));
    }

    void BeginMiniblock()
    {
        if (++_miniblock >= _miniblocks)
            BeginBlock();
        int width = _bytes.Span[_widths + _miniblock];
        long bytes = (long)width * _miniblockValues / 8;
        if (width > 64 || bytes > _bytes.Length - _position)
            throw new InvalidDataException(width > 64 ? $"lengths claim {width} bits each" : "a page ends before its lengths");
        (_bit, _position, _miniblockLeft) = (8L * _position, _position + (int)bytes, _miniblockValues);
    }

    void BeginBlock()
    {
        _leastDelta = ZigZag(Varint());
        _widths = _position;
        _position += _miniblocks;
        if (_position > _bytes.Length)
            throw new InvalidDataException("a page ends before its lengths");
        _miniblock = 0;
    }

    static UInt128 Partial(ReadOnlySpan<byte> bytes)
    {
        UInt128 value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _bytes.Length)
                throw new InvalidDataException("a page ends before its lengths");
            byte b = _bytes.Span[_position++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value;
        }

        throw new InvalidDataException("a number has more than ten bytes");
    }

    static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
