using Cria.Data.Parquet;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Readers.Formats;

/// <summary>
/// Cuts a column of a Parquet file into blocks, in the order of its rows. A block is a page, which is unpacked where it
/// is parsed; of pages that are large, or repeat what stands elsewhere, it is a part, and reading unpacks them.
/// </summary>
/// <param name="path">For messages.</param>
/// <param name="raw">The file; its position is moved along, for a progress bar.</param>
/// <param name="options">Names the columns.</param>
/// <param name="complain">As in <see cref="ITextFormat.Of"/>: told that the file has no such columns of texts.</param>
sealed class ParquetBlockReader(string path, FileStream raw, ReaderOptions options, Action<string> complain)
{
    const int WholePageValues = 1 << 16;
    const int TargetBytes = 1 << 20;

    readonly ParquetFile _file = new(path, raw.SafeFileHandle);
    readonly LargePageBuffers _buffers = new();
    GroupColumn? _groups;
    long _row = 1;

    /// <summary>Whether a file is for this reader: by its first bytes, since files are renamed, or by its name, since what is
    /// behind that may be no Parquet file at all.</summary>
    public static bool Reads(string path, FileStream raw)
    {
        Span<byte> start = stackalloc byte[4];
        int count = raw.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        raw.Position = 0;
        return start[..count].SequenceEqual("PAR1"u8) || path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The blocks of the file.</summary>
    /// <exception cref="DataException">The file is damaged.</exception>
    public IEnumerable<DocumentBlock> Blocks()
    {
        ParquetColumn? group = null;
        if (Column(options.TextField) is not { } text || (options.GroupField is { } name && (group = Column(name)) is null))
            yield break;
        for (int i = 0; i < _file.RowGroups.Count; i++)
        {
            ColumnReader pages = _file.Read(i, text, _buffers);
            _groups = group is null ? null : new GroupColumn(_file.Read(i, group));
            while (pages.Next() is { } page)
            {
                foreach (DocumentBlock block in BlocksOf(page))
                    yield return block;
                raw.Position = pages.Position;
            }
        }
    }

    ParquetColumn? Column(string name)
    {
        ParquetColumn? column = _file.TextColumn(name, out string fault);
        if (column is null)
            complain(fault);
        return column;
    }

    IEnumerable<DocumentBlock> BlocksOf(ColumnPage page)
    {
        int values = page.Header.Values;
        if (page.IsItsOwnSize && !page.IsLarge && values <= WholePageValues)
        {
            yield return new ParquetPageBlock(page, _groups?.Take(values), path, _row, options);
            _row += values;
            yield break;
        }

        PageValues open = page.Open();
        while (open.Next(PageValues.MaxRun, TargetBytes, out ValueRun run))
        {
            if (page.IsLarge)
                run = run.Copied();
            yield return new ParquetRunBlock(run, _groups?.Take(run.Ranges.Length), path, _row, options);
            _row += run.Ranges.Length;
        }
    }
}
