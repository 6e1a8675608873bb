namespace Cria.Data.Parquet.Encodings;

/// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.</summary>
sealed class DeltaLengthDecoder : IValueDecoder
{
    readonly ReadOnlyMemory<byte> _page;
    DeltaIntegers _lengths;
    int _position;

    /// <param name="page">The values of a page.</param>
    /// <param name="count">How many there are at most.</param>
    public DeltaLengthDecoder(ReadOnlyMemory<byte> page, int count)
    {
        _page = page;
        _lengths = new DeltaIntegers(page, count);
        DeltaIntegers ahead = _lengths;
        ahead.SumToEnd(out _position);
    }

    public int Read(Span<ByteRange> ranges, long maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        bytes = _page;
        int count = 0;
        for (long sum = 0; count < ranges.Length && (sum < maxBytes || count == 0); count++)
        {
            int length = _lengths.Next(), left = _page.Length - _position;
            if (length > left)
                throw new InvalidDataException($"a value claims {length} bytes where {left} are left in its page");
            ranges[count] = new ByteRange(_position, length);
            _position += length;
            sum += length;
        }

        return count;
    }
}
