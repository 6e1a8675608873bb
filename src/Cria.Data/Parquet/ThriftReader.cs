namespace Cria.Data.Parquet;

/// <summary>
/// Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift), as footers and page headers of Parquet use
/// it. What the bytes claim is believed only as far as bytes are left.
/// </summary>
/// <remarks>Faults are <see cref="InvalidDataException"/>, and <see cref="EndOfStreamException"/> where the bytes end
/// too early: whoever knows the file makes a sentence of them.</remarks>
ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    const int MaxDepth = 24;

    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _position;
    int _depth;
    int _field;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    readonly int Left => _bytes.Length - _position;

    /// <summary>Enters a struct; what it returns belongs to <see cref="EndStruct"/>.</summary>
    public int BeginStruct()
    {
        if (++_depth > MaxDepth)
            throw new InvalidDataException($"structures are nested more than {MaxDepth} deep");
        int outer = _field;
        _field = 0;
        return outer;
    }

    /// <summary>Leaves a struct, after <see cref="NextField"/> said that it has no more fields.</summary>
    public void EndStruct(int outer)
    {
        _depth--;
        _field = outer;
    }

    /// <summary>The next field of the struct; false at its end. The value must be read or skipped before the next
    /// call.</summary>
    public bool NextField(out int id, out ThriftType type)
    {
        byte header = Byte();
        type = (ThriftType)(header & 15);
        if (type == ThriftType.Stop)
        {
            id = 0;
            return false;
        }

        int step = header >> 4;
        _field = step > 0 ? _field + step : (short)ZigZag(Varint());
        id = _field;
        return true;
    }

    /// <summary>An integer of any width.</summary>
    public long Integer(ThriftType type) => type switch
    {
        ThriftType.Byte => (sbyte)Byte(),
        ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 => ZigZag(Varint()),
        _ => throw Unexpected(type, "an integer"),
    };

    /// <summary>An integer that must fit 32 bits.</summary>
    public int Int32(ThriftType type)
    {
        long value = Integer(type);
        return value == (int)value ? (int)value : throw new InvalidDataException($"a number is {value}");
    }

    /// <summary>A boolean field; its value is its type.</summary>
    public static bool Boolean(ThriftType type) =>
        type is ThriftType.True or ThriftType.False ? type == ThriftType.True : throw Unexpected(type, "a boolean");

    /// <summary>The bytes of a string.</summary>
    public ReadOnlySpan<byte> Binary(ThriftType type)
    {
        if (type != ThriftType.Binary)
            throw Unexpected(type, "a string");
        return Take(Varint());
    }

    /// <summary>The beginning of a list of structs: how many follow. Each takes at least one byte.</summary>
    public int StructList(ThriftType type)
    {
        if (type != ThriftType.List)
            throw Unexpected(type, "a list");
        int count = ListHeader(out ThriftType item);
        return item == ThriftType.Struct || count == 0 ? count : throw Unexpected(item, "a structure");
    }

    /// <summary>Passes over a value that is not needed.</summary>
    public void Skip(ThriftType type)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Take(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(Varint());
                break;
            case ThriftType.Uuid:
                Take(16);
                break;
            case ThriftType.List or ThriftType.Set:
                SkipItems(ListHeader(out ThriftType item), item);
                break;
            case ThriftType.Map:
                SkipMap();
                break;
            case ThriftType.Struct:
                SkipStruct();
                break;
            default:
                throw new InvalidDataException($"a value has the unknown type {(int)type}");
        }
    }

    void SkipStruct()
    {
        int outer = BeginStruct();
        while (NextField(out _, out ThriftType type))
            Skip(type);
        EndStruct(outer);
    }

    void SkipMap()
    {
        int count = Count(Varint());
        if (count == 0)
            return;
        byte types = Byte();
        Enter();
        for (int i = 0; i < count; i++)
        {
            SkipItem((ThriftType)(types >> 4));
            SkipItem((ThriftType)(types & 15));
        }

        _depth--;
    }

    void SkipItems(int count, ThriftType item)
    {
        Enter();
        for (int i = 0; i < count; i++)
            SkipItem(item);
        _depth--;
    }

    // A boolean in a list is a byte of its own, unlike one in a struct.
    void SkipItem(ThriftType type) => Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type);

    void Enter()
    {
        if (++_depth > MaxDepth)
            throw new InvalidDataException($"structures are nested more than {MaxDepth} deep");
    }

    int ListHeader(out ThriftType item)
    {
        byte header = Byte();
        item = (ThriftType)(header & 15);
        int count = header >> 4;
        return Count(count == 15 ? Varint() : (ulong)count);
    }

    readonly int Count(ulong count) => count <= (ulong)Left
        ? (int)count
        : throw new EndOfStreamException($"a list claims {count} items where {Left} bytes are left");

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)Left)
            throw new EndOfStreamException($"a value claims {length} bytes where {Left} are left");
        ReadOnlySpan<byte> taken = _bytes.Slice(_position, (int)length);
        _position += taken.Length;
        return taken;
    }

    byte Byte() => _position < _bytes.Length
        ? _bytes[_position++]
        : throw new EndOfStreamException("the structures end too early");

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value;
        }

        throw new InvalidDataException("a number has more than ten bytes");
    }

    static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    static InvalidDataException Unexpected(ThriftType type, string wanted) =>
        new($"a value has the type {(int)type} where {wanted} belongs");
}

/// <summary>The types of Thrift's compact protocol.</summary>
enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}
