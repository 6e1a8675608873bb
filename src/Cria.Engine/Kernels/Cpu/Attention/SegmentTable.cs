namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>One segment, and the number of work items before it.</summary>
readonly record struct SegmentItems(AttentionSpans.Span Span, int FirstItem, int Items);

/// <summary>The segments of a call that are not empty, in memory that grows once.</summary>
sealed class SegmentTable
{
    SegmentItems[] _segments = [];

    public int Segments { get; private set; }

    public int Items { get; private set; }

    public int LongestKeys { get; private set; }

    /// <summary>Reads the spans; every query tile of a segment has so many items.</summary>
    /// <param name="queriesPerTile">0: the segment is not cut.</param>
    public void Fill(AttentionSpans spans, int itemsPerTile, int queriesPerTile)
    {
        (Segments, Items, LongestKeys) = (0, 0, 0);
        if (_segments.Length < spans.Segments)
            _segments = new SegmentItems[spans.Segments];
        for (int s = 0; s < spans.Segments; s++)
        {
            var span = spans[s];
            if (span.QueryCount <= 0)
                continue;
            int tiles = queriesPerTile == 0 ? 1 : (span.QueryCount + queriesPerTile - 1) / queriesPerTile;
            int items = checked(tiles * itemsPerTile);
            _segments[Segments++] = new(span, Items, items);
            Items = checked(Items + items);
            LongestKeys = Math.Max(LongestKeys, span.KeyCount);
        }
    }

    /// <summary>The segment an item belongs to.</summary>
    public ref readonly SegmentItems Of(int item)
    {
        int low = 0, high = Segments - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_segments[middle].FirstItem <= item)
                low = middle;
            else
                high = middle - 1;
        }
        return ref _segments[low];
    }
}
