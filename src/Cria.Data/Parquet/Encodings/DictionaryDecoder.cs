namespace Cria.Data.Parquet.Encodings;

/// <summary>RLE_DICTIONARY (and PLAIN_DICTIONARY, its older name): each value is its number in the column's
/// dictionary.</summary>
/// <param name="page">The width of the numbers in one byte, then the numbers.</param>
/// <param name="dictionary">The values they stand for.</param>
sealed class DictionaryDecoder(ReadOnlyMemory<byte> page, ValueRun dictionary) : IValueDecoder
{
    const int MaxRun = 512;

    readonly int[] _indices = new int[MaxRun];
    readonly HybridDecoder _decoder = page.IsEmpty
        ? throw new InvalidDataException("a page ends before its values")
        : new HybridDecoder(page[1..], page.Span[0]);

    int _filled, _next;

    public int Read(Span<ByteRange> ranges, long maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        bytes = dictionary.Bytes;
        ReadOnlySpan<ByteRange> entries = dictionary.Ranges.Span;
        int count = 0;
        for (long sum = 0; count < ranges.Length && (sum < maxBytes || count == 0); count++)
        {
            if (_next == _filled)
                Fill(ranges.Length - count);
            uint index = (uint)_indices[_next++];
            if (index >= (uint)entries.Length)
                throw new InvalidDataException($"a value is number {index} of a dictionary that has {entries.Length}");
            ranges[count] = entries[(int)index];
            sum += ranges[count].Length;
        }

        return count;
    }

    void Fill(int wanted)
    {
        _next = 0;
        _filled = Math.Min(wanted, MaxRun);
        _decoder.Read(_indices.AsSpan(0, _filled));
    }
}
