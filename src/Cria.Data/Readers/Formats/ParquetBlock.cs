using Cria.Data.Parquet;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Readers.Formats;

/// <summary>A page of a Parquet file.</summary>
sealed class ParquetPageBlock(ColumnPage page, ReadOnlyMemory<byte>?[]? groups, string file, long row, ReaderOptions options)
    : DocumentBlock(file, row, options)
{
    private protected override void Parse(DocumentSink sink)
    {
        PageValues values = page.Open();
        for (int done = 0; values.Next(PageValues.MaxRun, long.MaxValue, out ValueRun run); done += run.Ranges.Length)
            ParquetRunBlock.Add(sink, run, groups.AsSpan(groups is null ? 0 : done), Line + done);
    }
}

/// <summary>Some rows of a Parquet file, unpacked.</summary>
sealed class ParquetRunBlock(ValueRun run, ReadOnlyMemory<byte>?[]? groups, string file, long row, ReaderOptions options)
    : DocumentBlock(file, row, options)
{
    /// <summary>Hands values on; one that is null counts as an empty document.</summary>
    public static void Add(DocumentSink sink, ValueRun run, ReadOnlySpan<ReadOnlyMemory<byte>?> groups, long row)
    {
        ReadOnlySpan<ByteRange> ranges = run.Ranges.Span;
        for (int i = 0; i < ranges.Length; i++)
        {
            ReadOnlyMemory<byte> text = ranges[i].IsNull ? default : run[i];
            ReadOnlyMemory<byte>? group = groups.IsEmpty ? null : groups[i];
            sink.Add(text, row + i, group.GetValueOrDefault().Span, group.HasValue);
        }
    }

    private protected override void Parse(DocumentSink sink) => Add(sink, run, groups, Line);
}
