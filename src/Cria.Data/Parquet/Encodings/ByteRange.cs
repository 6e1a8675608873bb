namespace Cria.Data.Parquet.Encodings;

/// <summary>Where a value lies in the bytes that come with it.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes; <see cref="Null"/> has -1.</param>
readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>No value.</summary>
    public static ByteRange Null => new(0, -1);

    public bool IsNull => Length < 0;
}

/// <summary>Values one after the other.</summary>
/// <param name="Bytes">What the ranges point into; it stays as it is.</param>
/// <param name="Ranges">The values, nulls among them.</param>
readonly record struct ValueRun(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<ByteRange> Ranges)
{
    /// <summary>The bytes of a value that is no null.</summary>
    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            ByteRange range = Ranges.Span[index];
            return Bytes.Slice(range.Start, range.Length);
        }
    }

    /// <summary>The same values in memory of their own.</summary>
    public ValueRun Copied()
    {
        ReadOnlySpan<ByteRange> ranges = Ranges.Span;
        long size = 0;
        foreach (ByteRange range in ranges)
            size += Math.Max(0, range.Length);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)size));
        var copies = new ByteRange[ranges.Length];
        int end = 0;
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = ranges[i].IsNull ? ByteRange.Null : new ByteRange(end, ranges[i].Length);
            if (ranges[i].IsNull)
                continue;
            Bytes.Span.Slice(ranges[i].Start, ranges[i].Length).CopyTo(bytes.AsSpan(end));
            end += ranges[i].Length;
        }

        return new ValueRun(bytes, copies);
    }
}
