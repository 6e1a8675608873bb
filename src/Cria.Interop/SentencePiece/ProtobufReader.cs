using System.Buffers.Binary;
using System.Text;

namespace Cria.Interop.SentencePiece;

/// <summary>
/// The fields of one Protocol Buffers message, one after the other. Every length is checked against what is left.
/// </summary>
ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;
    ReadOnlySpan<byte> _bytes = default;
    ulong _number = 0;

    /// <summary>The number of the field at hand.</summary>
    public int Field { get; private set; } = 0;

    /// <summary>How the field at hand is written.</summary>
    public WireType Type { get; private set; } = 0;

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        ulong key = Varint();
        if (key >> 3 is 0 or > 0x1FFF_FFFF)
            throw new InvalidDataException($"a field has the number {key >> 3}");
        (Field, Type) = ((int)(key >> 3), (WireType)(key & 7));
        switch (Type)
        {
            case WireType.Varint:
                _number = Varint();
                break;
            case WireType.Fixed64:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case WireType.Fixed32:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            case WireType.Bytes:
                _bytes = Take(Varint());
                break;
            default:
                throw new InvalidDataException($"field {Field} has the wire type {(int)Type}");
        }
        return true;
    }

    public readonly ReadOnlySpan<byte> Bytes() => Expect(WireType.Bytes) ? _bytes : default;

    public readonly float Float() => Expect(WireType.Fixed32) ? BitConverter.UInt32BitsToSingle((uint)_number) : 0;

    public readonly bool Bool() => Expect(WireType.Varint) && _number != 0;

    public readonly int Int() => Expect(WireType.Varint) ? unchecked((int)_number) : 0;

    /// <summary>UTF-8 text, strictly.</summary>
    public readonly string Text()
    {
        try
        {
            return StrictUtf8.GetString(Bytes());
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"the text of field {Field} is not UTF-8");
        }
    }

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    readonly bool Expect(WireType wanted) => Type == wanted
        ? true
        : throw new InvalidDataException($"field {Field} has the wire type {(int)Type} instead of {(int)wanted}");

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw new InvalidDataException($"something of {length} bytes has only {_rest.Length} left");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}

/// <summary>How a field of a message is written.</summary>
enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
