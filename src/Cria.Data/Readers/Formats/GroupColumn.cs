using Cria.Data.Parquet;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Readers.Formats;

/// <summary>The values of a second column, as many at a time as the first one has rows: its pages end elsewhere.</summary>
sealed class GroupColumn(ColumnReader pages)
{
    PageValues? _page;
    ValueRun _run;
    int _next;

    /// <summary>The next values, null where there is none.</summary>
    public ReadOnlyMemory<byte>?[] Take(int count)
    {
        var values = new ReadOnlyMemory<byte>?[count];
        for (int i = 0; i < count; i++, _next++)
        {
            if (_next == _run.Ranges.Length)
                NextRun();
            values[i] = _run.Ranges.Span[_next].IsNull ? default(ReadOnlyMemory<byte>?) : _run[_next];
        }

        return values;
    }

    void NextRun()
    {
        // A column has as many values as its row group has rows, or it would not be open.
        while (_page is null || !_page.Next(PageValues.MaxRun, long.MaxValue, out _run))
            _page = pages.Next()?.Open() ?? throw new InvalidOperationException("a column has fewer values than rows");
        _next = 0;
    }
}
