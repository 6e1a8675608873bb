namespace Cria.Data.Parquet.Encodings;

/// <summary>DELTA_BYTE_ARRAY: how many bytes each value shares with the one before it, and then the rest of each as
/// <see cref="DeltaLengthDecoder"/> has it.</summary>
sealed class DeltaByteArrayDecoder : IValueDecoder
{
    /// <summary>What shared beginnings may make of a page, before it is taken for a trap.</summary>
    const long MostGranted = 64 << 20, MostExpansion = 64;

    readonly ReadOnlyMemory<byte> _suffixes;
    DeltaIntegers _shared, _lengths;
    int _position;
    byte[] _last = [];

    /// <param name="page">The values of a page.</param>
    /// <param name="count">How many there are at most.</param>
    public DeltaByteArrayDecoder(ReadOnlyMemory<byte> page, int count)
    {
        _shared = new DeltaIntegers(page, count);
        DeltaIntegers ahead = _shared;
        long bytes = ahead.SumToEnd(out int end);
        _suffixes = page[end..];
        _lengths = new DeltaIntegers(_suffixes, count);
        if (_lengths.Count != _shared.Count)
            throw new InvalidDataException($"{_shared.Count} values have {_lengths.Count} lengths");
        ahead = _lengths;
        bytes += ahead.SumToEnd(out _position);
        if (bytes > Math.Max(MostGranted, MostExpansion * page.Length))
            throw new InvalidDataException($"a page of {page.Length} bytes claims {bytes} bytes of text by repeating them");
    }

    public int Read(Span<ByteRange> ranges, long maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        int count = Lengths(ranges, maxBytes, out int sum);
        byte[] values = GC.AllocateUninitializedArray<byte>(sum);
        ReadOnlySpan<byte> last = _last;
        for (int i = 0; i < count; i++)
        {
            (int shared, int length) = ranges[i]; // as Lengths left them
            int at = i == 0 ? 0 : ranges[i - 1].Start + ranges[i - 1].Length;
            Span<byte> value = values.AsSpan(at, length);
            last[..shared].CopyTo(value);
            _suffixes.Span.Slice(_position, length - shared).CopyTo(value[shared..]);
            _position += length - shared;
            ranges[i] = new ByteRange(at, length);
            last = value;
        }

        _last = last.ToArray();
        bytes = values;
        return count;
    }

    /// <summary>The next values as (shared bytes, length), as far as they are read now; no byte of them is
    /// touched.</summary>
    int Lengths(Span<ByteRange> ranges, long maxBytes, out int sum)
    {
        long bytes = 0, suffixes = 0;
        int count = 0, last = _last.Length;
        for (; count < ranges.Length && (bytes < maxBytes || count == 0); count++)
        {
            int shared = _shared.Next(), length = _lengths.Next();
            if (shared > last)
                throw new InvalidDataException($"a value shares {shared} bytes with one of {last}");
            suffixes += length;
            bytes += (long)shared + length;
            if (suffixes > _suffixes.Length - _position || bytes > Array.MaxLength)
                throw new InvalidDataException($"values claim {bytes} bytes where {_suffixes.Length - _position} are left in their page");
            last = shared + length;
            ranges[count] = new ByteRange(shared, last);
        }

        sum = (int)bytes;
        return count;
    }
}
