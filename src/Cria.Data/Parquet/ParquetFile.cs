using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Parquet;

/// <summary>
/// A Parquet file, read for its columns of texts. Row groups may be read by several threads at once: the file keeps no
/// place of its own.
/// </summary>
sealed class ParquetFile
{
    const int MagicBytes = 4, TailBytes = 8;
    const int MostFooterBytes = 256 << 20, MostListed = 20;

    readonly SafeFileHandle _handle;
    readonly ParquetFooter _footer;

    /// <summary>Reads the footer.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="handle">The file, which must stay open as long as it is read.</param>
    /// <exception cref="DataException">It is no Parquet file, or is damaged or encrypted.</exception>
    public ParquetFile(string path, SafeFileHandle handle)
    {
        (Path, _handle) = (path, handle);
        Length = RandomAccess.GetLength(handle);
        _footer = ReadFooter();
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Where pages end and the footer begins.</summary>
    public long DataEnd { get; private set; }

    /// <summary>The leaves of the schema.</summary>
    public IReadOnlyList<ParquetColumn> Columns => _footer.Columns;

    /// <summary>The row groups, in order.</summary>
    public IReadOnlyList<RowGroup> RowGroups => _footer.RowGroups;

    /// <summary>The column of texts that has a name.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="fault">If there is none, a sentence that lists those there are.</param>
    public ParquetColumn? TextColumn(string name, out string fault)
    {
        fault = "";
        ParquetColumn? column = _footer.Columns.FirstOrDefault(column => column.Name == name);
        if (column is { IsText: true })
            return column;
        List<string> texts = [.. _footer.Columns.Where(column => column.IsText).Select(column => $"\"{column.Name}\"")];
        fault = column is not null ? $"{Path} holds {column.Description} in column \"{name}\", not texts" : $"{Path} has no column \"{name}\"";
        if (texts.Count == 0)
        {
            fault += ", and no column of texts at all; name another file.";
            return null;
        }

        string more = texts.Count > MostListed ? $" and {texts.Count - MostListed} more" : "";
        string columns = texts.Count == 1 ? "column of texts is" : "columns of texts are";
        fault += $"; its {columns} {string.Join(", ", texts.Take(MostListed))}{more}: name one of them.";
        return null;
    }

    /// <summary>The pages of a column in one row group; as many at once as one likes.</summary>
    /// <param name="rowGroup">Its number, from 0.</param>
    /// <param name="column">A column of texts.</param>
    /// <param name="buffers">Where large pages go, one at a time; null: each has memory of its own.</param>
    /// <exception cref="DataException">The column is encrypted there, or what the file says about it contradicts itself.</exception>
    public ColumnReader Read(int rowGroup, ParquetColumn column, LargePageBuffers? buffers = null) =>
        new(this, rowGroup, column, buffers);

    /// <summary>Bytes of the file from a place before the footer on; how many there were.</summary>
    internal int Read(Span<byte> bytes, long offset)
    {
        if (offset < MagicBytes || offset >= DataEnd)
            throw new InvalidDataException($"a page begins at byte {offset}, outside of the pages");
        return ReadAt(bytes[..(int)Math.Min(bytes.Length, DataEnd - offset)], offset);
    }

    ParquetFooter ReadFooter()
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        if (Length < MagicBytes + TailBytes)
            throw new DataException($"{Path} is no Parquet file: it has {Length} bytes; fetch it again.");
        ReadAt(tail, Length - TailBytes);
        if (tail[MagicBytes..].SequenceEqual("PARE"u8))
            throw new DataException($"{Path} is encrypted; write it again without encryption.");
        if (!tail[MagicBytes..].SequenceEqual("PAR1"u8))
            throw new DataException($"{Path} is no Parquet file, or was cut: it does not end with PAR1; fetch it again.");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > Math.Min(Length - MagicBytes - TailBytes, MostFooterBytes))
            throw new DataException($"{Path} is damaged: its footer claims {length} of the file's {Length} bytes; fetch it again.");

        DataEnd = Length - TailBytes - length;
        byte[] footer = GC.AllocateUninitializedArray<byte>((int)length);
        int count = ReadAt(footer, DataEnd);
        try
        {
            return ParquetFooter.Read(footer.AsSpan(0, count));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataException($"{Path} is damaged: in its footer, {e.Message.TrimEnd('.')}; fetch or write the file again.", e);
        }
    }

    int ReadAt(Span<byte> bytes, long offset)
    {
        try
        {
            int count = 0;
            for (int read = 1; read > 0 && count < bytes.Length; count += read)
                read = RandomAccess.Read(_handle, bytes[count..], offset + count);
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{Path} could not be read at byte {offset}: {e.Message.TrimEnd('.')}; check the disk.", e);
        }
    }
}
