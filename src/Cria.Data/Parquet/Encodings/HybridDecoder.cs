using System.Buffers.Binary;

namespace Cria.Data.Parquet.Encodings;

/// <summary>
/// Small numbers in runs of two kinds (Encodings.md, "RLE/Bit-Packing Hybrid"): one number many times, or groups of
/// eight, each number in as many bits as the largest needs. Definition levels and dictionary numbers are written so.
/// </summary>
sealed class HybridDecoder
{
    readonly ReadOnlyMemory<byte> _bytes;
    readonly int _bitWidth;
    int _position;
    long _runLeft;
    bool _isPacked;
    int _repeated;
    long _bit; // of a packed run: where its next number begins

    /// <param name="bytes">The runs, which may end before <paramref name="bytes"/> do.</param>
    /// <param name="bitWidth">Bits of a number, 0 to 32.</param>
    public HybridDecoder(ReadOnlyMemory<byte> bytes, int bitWidth)
    {
        if (bitWidth is < 0 or > 32)
            throw new InvalidDataException($"numbers claim {bitWidth} bits each");
        (_bytes, _bitWidth) = (bytes, bitWidth);
    }

    /// <summary>The next numbers, exactly as many as there is room for.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public void Read(Span<int> numbers)
    {
        while (!numbers.IsEmpty)
        {
            if (_runLeft == 0)
                BeginRun();
            Span<int> now = numbers[..(int)Math.Min(numbers.Length, _runLeft)];
            if (_isPacked)
                Unpack(now);
            else
                now.Fill(_repeated);
            _runLeft -= now.Length;
            numbers = numbers[now.Length..];
        }
    }

    void BeginRun()
    {
        if (_isPacked)
            _position = (int)Math.Min(_bytes.Length, (_bit + 7) / 8);
        uint header = Varint();
        _isPacked = (header & 1) == 1;
        _runLeft = header >> 1;
        if (_isPacked)
        {
            _runLeft *= 8;
            _bit = 8L * _position;
            return;
        }

        int width = (_bitWidth + 7) / 8;
        if (_bytes.Length - _position < width)
            throw Short();
        _repeated = 0;
        for (int i = 0; i < width; i++)
            _repeated |= _bytes.Span[_position++] << (8 * i);
    }

    void Unpack(Span<int> numbers)
    {
        ReadOnlySpan<byte> bytes = _bytes.Span;
        if (_bit + ((long)_bitWidth * numbers.Length) > 8L * bytes.Length)
            throw Short();
        ulong mask = (1UL << _bitWidth) - 1;
        for (int i = 0; i < numbers.Length; i++, _bit += _bitWidth)
            numbers[i] = (int)((Load(bytes, (int)(_bit >> 3)) >> (int)(_bit & 7)) & mask);
    }

    /// <summary>Eight bytes from a place on, zeros behind the end: at most 7 + 32 bits of them are looked at.</summary>
    static ulong Load(ReadOnlySpan<byte> bytes, int at)
    {
        if (at <= bytes.Length - sizeof(ulong))
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= at; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    uint Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (_position == _bytes.Length)
                throw Short();
            byte b = _bytes.Span[_position++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128 && value <= uint.MaxValue)
                return (uint)value;
        }

        throw new InvalidDataException("a run claims more numbers than 32 bits can count");
    }

    static InvalidDataException Short() => new("a page ends before its levels or numbers");
}
