namespace Cria.Data.Parquet;

/// <summary>Where one column of one row group lies (parquet.thrift, ColumnChunk and ColumnMetaData).</summary>
/// <param name="PhysicalType">How the values are stored; the schema's word for it must be the same.</param>
/// <param name="Codec">How its pages are packed.</param>
/// <param name="Values">Values, nulls among them.</param>
/// <param name="PackedBytes">Bytes of its pages in the file, as the writer counted.</param>
/// <param name="Offset">Where its first page begins.</param>
/// <param name="Obstacle">Why it cannot be read whatever its bytes; null where it can.</param>
readonly record struct ColumnChunk(int PhysicalType, PageCodec Codec, long Values, long PackedBytes, long Offset, string? Obstacle)
{
    /// <summary>Reads one element of a row group's list.</summary>
    public static ColumnChunk Read(ref ThriftReader thrift)
    {
        ColumnChunk? chunk = null;
        string? obstacle = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType type))
        {
            if (id == 1 && type == ThriftType.Binary)
                obstacle = thrift.Binary(type).IsEmpty ? obstacle : "lies in another file";
            else if (id == 3)
                chunk = ReadMetadata(ref thrift, type);
            else if (id is 8 or 9)
            {
                obstacle = "is encrypted";
                thrift.Skip(type);
            }
            else
                thrift.Skip(type);
        }

        thrift.EndStruct(outer);
        if (chunk is null && obstacle is null)
            throw new InvalidDataException("a column of a row group has no metadata");
        return chunk.GetValueOrDefault() with { Obstacle = obstacle };
    }

    static ColumnChunk ReadMetadata(ref ThriftReader thrift, ThriftType field)
    {
        if (field != ThriftType.Struct)
            throw new InvalidDataException("a column's metadata are no structure");
        long? type = null, codec = null, values = null, packed = null, data = null, dictionary = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out field))
        {
            switch (id)
            {
                case 1:
                    type = thrift.Int32(field);
                    break;
                case 4:
                    codec = thrift.Int32(field);
                    break;
                case 5:
                    values = thrift.Integer(field);
                    break;
                case 7:
                    packed = thrift.Integer(field);
                    break;
                case 9:
                    data = thrift.Integer(field);
                    break;
                case 11:
                    dictionary = thrift.Integer(field);
                    break;
                default:
                    thrift.Skip(field);
                    break;
            }
        }

        thrift.EndStruct(outer);
        if (type is null || codec is null || values is null || packed is null || data is null)
            throw new InvalidDataException("a column's metadata are not complete");
        // Some writers put 0 where there is no dictionary.
        long offset = dictionary > 0 ? Math.Min(dictionary.Value, data.Value) : data.Value;
        return new ColumnChunk((int)type, (PageCodec)codec, values.Value, packed.Value, offset, null);
    }
}
