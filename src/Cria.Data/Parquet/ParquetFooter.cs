namespace Cria.Data.Parquet;

/// <summary>What a file says about itself at its end (parquet.thrift, FileMetaData).</summary>
/// <param name="Columns">The leaves of the schema.</param>
/// <param name="RowGroups">The row groups, each with one chunk for every column.</param>
sealed record ParquetFooter(ParquetColumn[] Columns, RowGroup[] RowGroups)
{
    /// <summary>Reads the structures; faults are those of <see cref="ThriftReader"/>.</summary>
    public static ParquetFooter Read(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        ParquetColumn[]? columns = null;
        RowGroup[]? rowGroups = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            if (id == 4 && columns is null)
                throw new InvalidDataException("row groups stand before the schema");
            if (id == 2)
                columns = ParquetSchema.Read(ref thrift, type);
            else if (id == 4)
                rowGroups = ReadRowGroups(ref thrift, type, columns!);
            else
                thrift.Skip(type);
        }

        thrift.EndStruct(outer);
        if (columns is null || rowGroups is null)
            throw new InvalidDataException($"it has no {(columns is null ? "schema" : "row groups")}");
        return new ParquetFooter(columns, rowGroups);
    }

    static RowGroup[] ReadRowGroups(ref ThriftReader thrift, ThriftType type, ParquetColumn[] columns)
    {
        int count = thrift.StructList(type);
        var groups = new List<RowGroup>(); // grows with what is there, not with what is claimed
        for (int i = 0; i < count; i++)
            groups.Add(ReadRowGroup(ref thrift, columns));
        return [.. groups];
    }

    static RowGroup ReadRowGroup(ref ThriftReader thrift, ParquetColumn[] columns)
    {
        ColumnChunk[]? chunks = null;
        long? rows = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            if (id == 1)
                chunks = ReadChunks(ref thrift, type, columns.Length);
            else if (id == 3)
                rows = thrift.Integer(type);
            else
                thrift.Skip(type);
        }

        thrift.EndStruct(outer);
        if (chunks is null)
            throw new InvalidDataException("a row group has no columns");
        if (rows is null or < 0 or > uint.MaxValue)
            throw new InvalidDataException(rows is null ? "a row group has no number of rows" : $"a row group claims {rows} rows");
        return new RowGroup(rows.Value, chunks);
    }

    static ColumnChunk[] ReadChunks(ref ThriftReader thrift, ThriftType type, int columns)
    {
        int count = thrift.StructList(type);
        if (count != columns)
            throw new InvalidDataException($"a row group has {count} columns where the schema has {columns}");
        var chunks = new ColumnChunk[count];
        for (int i = 0; i < count; i++)
            chunks[i] = ColumnChunk.Read(ref thrift);
        return chunks;
    }
}

/// <summary>Some rows, column by column.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Chunks">Where each column's values are.</param>
sealed record RowGroup(long Rows, ColumnChunk[] Chunks);
