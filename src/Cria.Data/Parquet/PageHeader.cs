namespace Cria.Data.Parquet;

/// <summary>What stands before a page's bytes (parquet.thrift, PageHeader).</summary>
readonly record struct PageHeader
{
    public PageKind Kind { get; private init; }

    /// <summary>Bytes of the page when unpacked, levels included.</summary>
    public int Size { get; private init; }

    /// <summary>Bytes of the page in the file.</summary>
    public int PackedSize { get; private init; }

    /// <summary>Values, nulls among them; entries, if it is a dictionary.</summary>
    public int Values { get; private init; }

    public PageEncoding Encoding { get; private init; }

    /// <summary>How a page of version 1 keeps its definition levels.</summary>
    public PageEncoding LevelEncoding { get; private init; }

    /// <summary>Bytes of the definition levels in front of a page of version 2, never packed.</summary>
    public int DefinitionBytes { get; private init; }

    /// <summary>Bytes of the repetition levels in front of those.</summary>
    public int RepetitionBytes { get; private init; }

    /// <summary>Whether the values are packed with the column's codec: version 2 may leave them as they are.</summary>
    public bool IsPacked { get; private init; }

    /// <summary>Reads the header; <paramref name="length"/> is its own length. Faults are those of
    /// <see cref="ThriftReader"/>.</summary>
    public static PageHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var thrift = new ThriftReader(bytes);
        var header = new PageHeader { Kind = (PageKind)(-1), Size = -1, PackedSize = -1, Values = -1, IsPacked = true };
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    header = header with { Kind = (PageKind)thrift.Int32(type) };
                    break;
                case 2:
                    header = header with { Size = thrift.Int32(type) };
                    break;
                case 3:
                    header = header with { PackedSize = thrift.Int32(type) };
                    break;
                case 5 or 7 when type == ThriftType.Struct:
                    header = header.WithPage(ref thrift);
                    break;
                case 8 when type == ThriftType.Struct:
                    header = header.WithPageV2(ref thrift);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        thrift.EndStruct(outer);
        length = thrift.Position;
        return header.Checked();
    }

    // DataPageHeader and DictionaryPageHeader begin alike.
    PageHeader WithPage(ref ThriftReader thrift)
    {
        PageHeader header = this;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            if (id == 1)
                header = header with { Values = thrift.Int32(type) };
            else if (id == 2)
                header = header with { Encoding = (PageEncoding)thrift.Int32(type) };
            else if (id == 3 && type is not (ThriftType.True or ThriftType.False)) // which it is in a dictionary's header
                header = header with { LevelEncoding = (PageEncoding)thrift.Int32(type) };
            else
                thrift.Skip(type);
        }

        thrift.EndStruct(outer);
        return header;
    }

    PageHeader WithPageV2(ref ThriftReader thrift)
    {
        PageHeader header = this with { LevelEncoding = PageEncoding.Rle };
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            if (id == 1)
                header = header with { Values = thrift.Int32(type) };
            else if (id == 4)
                header = header with { Encoding = (PageEncoding)thrift.Int32(type) };
            else if (id == 5)
                header = header with { DefinitionBytes = thrift.Int32(type) };
            else if (id == 6)
                header = header with { RepetitionBytes = thrift.Int32(type) };
            else if (id == 7)
                header = header with { IsPacked = ThriftReader.Boolean(type) };
            else
                thrift.Skip(type);
        }

        thrift.EndStruct(outer);
        return header;
    }

    PageHeader Checked()
    {
        if (Size < 0 || PackedSize < 0)
            throw new InvalidDataException($"a page claims {PackedSize} bytes that unpack to {Size}");
        if (Kind is PageKind.Data or PageKind.Dictionary or PageKind.DataV2 && Values < 0)
            throw new InvalidDataException($"a page claims {Values} values");
        long levels = (long)DefinitionBytes + RepetitionBytes;
        if (DefinitionBytes < 0 || RepetitionBytes < 0 || levels > Math.Min(Size, PackedSize))
            throw new InvalidDataException($"a page of {PackedSize} bytes claims {levels} bytes of levels");
        return this;
    }
}

/// <summary>parquet.thrift, PageType.</summary>
enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>How values are written (parquet.thrift, Encoding).</summary>
enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}
