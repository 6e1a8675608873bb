namespace Cria.Data.Tests.Parquet;

/// <summary>Structures in Thrift's compact protocol, as a test wants them: also such as no writer would write.</summary>
sealed class ThriftStruct
{
    readonly List<byte> _bytes = [];
    int _last;

    public ThriftStruct With(int field, long number) => Header(field, 6).Varint((ulong)((number << 1) ^ (number >> 63)));

    public ThriftStruct With(int field, bool value) => Header(field, value ? 1 : 2);

    public ThriftStruct With(int field, ReadOnlySpan<byte> text)
    {
        Header(field, 8).Varint((ulong)text.Length);
        _bytes.AddRange(text);
        return this;
    }

    public ThriftStruct With(int field, ThriftStruct inner)
    {
        Header(field, 12);
        _bytes.AddRange(inner.ToArray());
        return this;
    }

    public ThriftStruct With(int field, ThriftStruct[] list)
    {
        Header(field, 9);
        _bytes.Add(0xFC);
        Varint((ulong)list.Length);
        foreach (ThriftStruct inner in list)
            _bytes.AddRange(inner.ToArray());
        return this;
    }

    public byte[] ToArray() => [.. _bytes, 0];

    ThriftStruct Header(int field, int type)
    {
        _bytes.Add((byte)(((field - _last) << 4) | type));
        _last = field;
        return this;
    }

    ThriftStruct Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            _bytes.Add((byte)(value | 128));
        _bytes.Add((byte)value);
        return this;
    }
}
