using Cria.Data.Parquet.Codecs;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Parquet;

/// <summary>The data pages of one column of one row group, in order. Not for several threads, but different readers
/// may read the same file at once.</summary>
sealed class ColumnReader
{
    const int FirstPeek = 512, MostHeader = 16 << 20;

    readonly ParquetFile _file;
    readonly PagePlace _place;
    readonly ColumnChunk _chunk;
    readonly int _maxLevel;
    readonly LargePageBuffers? _buffers;
    ValueRun? _dictionary;
    byte[] _peeked = new byte[FirstPeek];
    long _valuesLeft;
    long _end; // where the pages end, as the writer counted

    internal ColumnReader(ParquetFile file, int rowGroup, ParquetColumn column, LargePageBuffers? buffers)
    {
        RowGroup group = file.RowGroups[rowGroup];
        (_file, _chunk, _maxLevel, _buffers) = (file, group.Chunks[column.Index], column.DefinitionLevel, buffers);
        _place = new PagePlace(file.Path, rowGroup, column.Name);
        if (_chunk.Obstacle is { } obstacle)
            throw _place.Refused(obstacle);
        if (_chunk.PhysicalType != column.PhysicalType)
            throw Damaged($"values have the type {_chunk.PhysicalType} where the schema says {column.PhysicalType}");
        if (_chunk.Values != group.Rows)
            throw Damaged($"there are {_chunk.Values} values for {group.Rows} rows");
        if (_chunk.PackedBytes < 0 || _chunk.PackedBytes > file.DataEnd - _chunk.Offset)
            throw Damaged($"pages claim {_chunk.PackedBytes} bytes from byte {_chunk.Offset} on, where the footer begins at {file.DataEnd}");
        (Position, _valuesLeft, _end) = (_chunk.Offset, _chunk.Values, _chunk.Offset + _chunk.PackedBytes);
    }

    /// <summary>Where the next page begins in the file.</summary>
    public long Position { get; private set; }

    /// <summary>The next data page; null at the end. Its dictionary was read before it.</summary>
    /// <exception cref="DataException">The file is damaged, or packed in a way that is not read here.</exception>
    public ColumnPage? Next()
    {
        try
        {
            while (_valuesLeft > 0)
            {
                PageHeader header = ReadHeader();
                if (header.Kind is PageKind.Data or PageKind.DataV2)
                    return Page(header);
                if (header.Kind == PageKind.Dictionary)
                    _dictionary = ReadDictionary(header);
                else
                    Position += header.PackedSize; // indexes, and what later versions of the format may bring
            }
        }
        catch (InvalidDataException e)
        {
            throw _place.Damaged(e);
        }

        return null;
    }

    ColumnPage Page(PageHeader header)
    {
        if (header.Values > _valuesLeft)
            throw new InvalidDataException($"a page claims {header.Values} values where {_valuesLeft} are left");
        _valuesLeft -= header.Values;
        bool isLarge = Math.Max(header.Size, header.PackedSize) > LargePageBuffers.LargeBytes;
        LargePageBuffers? buffers = isLarge ? _buffers : null;
        return new ColumnPage(header, ReadBytes(header, buffers), _chunk.Codec, _maxLevel, _place)
        {
            Dictionary = _dictionary,
            Buffers = buffers,
        };
    }

    ValueRun ReadDictionary(PageHeader header)
    {
        if (_dictionary is not null)
            throw new InvalidDataException("there are two dictionaries");
        if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
            throw new InvalidDataException($"the dictionary has the encoding {header.Encoding}");
        ReadOnlyMemory<byte> bytes = PageUnpacking.Unpack(_chunk.Codec, ReadBytes(header, null), header.Size, _place, null);
        if (header.Values > bytes.Length / sizeof(int))
            throw new InvalidDataException($"a dictionary of {bytes.Length} bytes claims {header.Values} values");
        var ranges = new ByteRange[header.Values];
        if (ranges.Length > 0)
            new PlainDecoder(bytes).Read(ranges, long.MaxValue, out _);
        return new ValueRun(bytes, ranges);
    }

    /// <summary>Headers say nowhere how long they are, and old ones hold whole texts as least and greatest values.</summary>
    PageHeader ReadHeader()
    {
        if (Position >= _end)
            throw new InvalidDataException($"its pages end at byte {_end}, {_valuesLeft} values too early");
        while (true)
        {
            int count = _file.Read(_peeked, Position);
            try
            {
                var header = PageHeader.Read(_peeked.AsSpan(0, count), out int length);
                Position += length;
                if (header.Kind == PageKind.Dictionary)
                    _end += length; // which writers of old do not count (PARQUET-816)
                return header;
            }
            catch (EndOfStreamException e)
            {
                if (count < _peeked.Length || count >= MostHeader)
                    throw new InvalidDataException($"a page's header at byte {Position} does not end", e);
            }

            _peeked = new byte[_peeked.Length * 8];
        }
    }

    ReadOnlyMemory<byte> ReadBytes(PageHeader header, LargePageBuffers? buffers)
    {
        int size = header.PackedSize;
        long left = Math.Min(_end, _file.DataEnd) - Position;
        if (size > left)
            throw new InvalidDataException($"a page claims {size} bytes where {left} are left of its column");
        byte[] bytes = buffers?.Packed(size) ?? GC.AllocateUninitializedArray<byte>(size);
        if (size > 0 && _file.Read(bytes.AsSpan(0, size), Position) < size)
            throw new InvalidDataException($"the file ends inside the page at byte {Position}");
        Position += size;
        return bytes.AsMemory(0, size);
    }

    DataException Damaged(string fault) => _place.Damaged(new InvalidDataException(fault));
}
