using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Parquet;

/// <summary>The values of one data page, nulls among them, run by run. Not for several threads.</summary>
sealed class PageValues
{
    /// <summary>The most values of a run.</summary>
    public const int MaxRun = 4096;

    readonly PagePlace _place;
    readonly Func<IValueDecoder> _open;
    readonly HybridDecoder? _levels; // none where nothing can be null
    readonly int _maxLevel;
    readonly int[] _levelRun = [];
    int _filled, _next;
    int _left;
    IValueDecoder? _values; // made for the first value: a page of nulls may have none of its parts

    /// <param name="place">Where the page stands, for messages.</param>
    /// <param name="count">Values, nulls among them.</param>
    /// <param name="values">Those that are no null; asked for once, if there are any.</param>
    /// <param name="levels">Their definition levels; null if the column has none.</param>
    /// <param name="maxLevel">The level of a value that is there.</param>
    public PageValues(PagePlace place, int count, Func<IValueDecoder> values, HybridDecoder? levels, int maxLevel)
    {
        (_place, _left, _open, _levels, _maxLevel) = (place, count, values, levels, maxLevel);
        if (levels is not null)
            _levelRun = new int[Math.Min(count, MaxRun)];
    }

    IValueDecoder Values => _values ??= _open();

    /// <summary>The next values; false at the end of the page.</summary>
    /// <param name="maxValues">How many at most; at least one.</param>
    /// <param name="maxBytes">The run ends with the value that reaches it.</param>
    /// <param name="run">The values.</param>
    /// <exception cref="DataException">The page is damaged.</exception>
    public bool Next(int maxValues, long maxBytes, out ValueRun run)
    {
        run = default;
        if (_left == 0)
            return false;
        try
        {
            var ranges = new ByteRange[Math.Min(Math.Min(maxValues, MaxRun), _left)];
            int count = _levels is null
                ? Values.Read(ranges, maxBytes, out ReadOnlyMemory<byte> bytes)
                : ReadWithNulls(ranges, maxBytes, out bytes);
            _left -= count;
            run = new ValueRun(bytes, ranges.AsMemory(0, count));
            return true;
        }
        catch (InvalidDataException e)
        {
            throw _place.Damaged(e);
        }
    }

    int ReadWithNulls(ByteRange[] ranges, long maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        if (_next == _filled)
            FillLevels();
        ReadOnlySpan<int> levels = _levelRun.AsSpan(_next, Math.Min(ranges.Length, _filled - _next));
        int there = levels.Count(_maxLevel), read = 0;
        bytes = default;
        if (there > 0)
            read = Values.Read(ranges.AsSpan(0, there), maxBytes, out bytes);

        // Up to the value that was not read, and then backwards, as values only move towards the end.
        int count = read == there ? levels.Length : IndexOf(levels, read);
        for (int i = count - 1; i >= 0; i--)
            ranges[i] = levels[i] == _maxLevel ? ranges[--read] : ByteRange.Null;
        _next += count;
        return count;
    }

    /// <summary>Where the value stands before which there are <paramref name="before"/>.</summary>
    int IndexOf(ReadOnlySpan<int> levels, int before)
    {
        int i = 0;
        while (levels[i] != _maxLevel || before-- > 0)
            i++;
        return i;
    }

    void FillLevels()
    {
        _next = 0;
        _filled = Math.Min(_levelRun.Length, _left);
        Span<int> levels = _levelRun.AsSpan(0, _filled);
        _levels!.Read(levels);
        if (levels.ContainsAnyExceptInRange(0, _maxLevel))
            throw new InvalidDataException($"a value has a definition level beyond {_maxLevel}");
    }
}

/// <summary>Where a page stands, for messages.</summary>
sealed record PagePlace(string Path, int RowGroup, string Column)
{
    /// <summary>The sentence that <paramref name="fault"/> becomes.</summary>
    public DataException Damaged(Exception fault) => new($"{Path} is damaged: in column \"{Column}\" of row group {RowGroup}, " +
        $"{fault.Message.TrimEnd('.')}; fetch or write the file again.", fault);

    /// <summary>What the file has is right, but nothing that is read here.</summary>
    public DataException Refused(string reason) =>
        new($"{Path} cannot be read: its column \"{Column}\" {reason}; write the file again, with zstd or Snappy and plain texts.");
}
