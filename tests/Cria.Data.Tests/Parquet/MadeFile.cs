using System.Buffers.Binary;
using System.Text;

namespace Cria.Data.Tests.Parquet;

/// <summary>A Parquet file of one column "text", put together from parts that a test may lie in.</summary>
sealed class MadeFile
{
    readonly List<byte> _bytes = [.. "PAR1"u8];

    public long Rows { get; set; }

    public long Codec { get; set; }

    /// <summary>0: nothing may be null; 1: the texts may.</summary>
    public long Repetition { get; set; }

    /// <summary>What the column claims of its pages; null for the truth.</summary>
    public long? PackedBytes { get; set; }

    /// <summary>Fields added to the metadata of the file, the chunk, the column.</summary>
    public Action<ThriftStruct>? EndOfFooter { get; set; }

    public Action<ThriftStruct>? EndOfChunk { get; set; }

    public ThriftStruct[]? Schema { get; set; }

    /// <summary>Bytes of its pages and their headers.</summary>
    public int PageBytes => _bytes.Count - 4;

    /// <summary>Values as PLAIN has them.</summary>
    public static byte[] Plain(params IEnumerable<string> values)
    {
        var bytes = new List<byte>();
        foreach (string value in values)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(value);
            bytes.AddRange(BitConverter.GetBytes(utf8.Length));
            bytes.AddRange(utf8);
        }

        return [.. bytes];
    }

    public static ThriftStruct Element(string name, int? type, long repetition = 0, int children = 0)
    {
        var element = new ThriftStruct();
        if (type is { } stored)
            element.With(1, stored);
        element.With(3, repetition).With(4, Encoding.UTF8.GetBytes(name));
        return children > 0 ? element.With(5, children) : element;
    }

    /// <summary>A data page of version 1.</summary>
    public MadeFile Page(long values, long encoding, ReadOnlySpan<byte> bytes, long? size = null) =>
        Page(0, 5, bytes, size ?? bytes.Length, new ThriftStruct().With(1, values).With(2, encoding).With(3, 3).With(4, 3));

    public MadeFile Dictionary(long values, ReadOnlySpan<byte> bytes) =>
        Page(2, 7, bytes, bytes.Length, new ThriftStruct().With(1, values).With(2, 0));

    public MadeFile Page(long kind, int field, ReadOnlySpan<byte> bytes, long size, ThriftStruct header)
    {
        _bytes.AddRange(new ThriftStruct().With(1, kind).With(2, size).With(3, bytes.Length).With(field, header).ToArray());
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray()
    {
        var column = new ThriftStruct().With(1, 6).With(4, Codec).With(5, Rows).With(6, 1).With(7, PackedBytes ?? PageBytes).With(9, 4);
        var chunk = new ThriftStruct().With(2, 0).With(3, column);
        EndOfChunk?.Invoke(chunk);
        var footer = new ThriftStruct().With(1, 1)
            .With(2, Schema ?? [Element("root", null, children: 1), Element("text", 6, Repetition)])
            .With(3, Rows).With(4, [new ThriftStruct().With(1, [chunk]).With(2, 1).With(3, Rows)]);
        EndOfFooter?.Invoke(footer);
        byte[] bytes = footer.ToArray();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. _bytes, .. bytes, .. length, .. "PAR1"u8];
    }
}
