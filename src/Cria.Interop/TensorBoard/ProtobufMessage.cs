using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Cria.Interop.TensorBoard;

/// <summary>A protocol buffers message that is being written: fields by their numbers, in the order of the calls.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding. A field's tag is its number · 8 + its wire type.</remarks>
sealed class ProtobufMessage
{
    const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public ProtobufMessage Integer(int field, long value)
    {
        Write((ulong)(field << 3 | Varint));
        Write((ulong)value);
        return this;
    }

    public ProtobufMessage Double(int field, double value)
    {
        Write((ulong)(field << 3 | Fixed64));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
        return this;
    }

    public ProtobufMessage Float(int field, float value)
    {
        Write((ulong)(field << 3 | Fixed32));
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Block(field, value.Written);

    ProtobufMessage Block(int field, ReadOnlySpan<byte> value)
    {
        Write((ulong)(field << 3 | Bytes));
        Write((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    // Seven bits a byte, the lowest first; the top bit says that more follow.
    void Write(ulong value)
    {
        var span = _bytes.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
            span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        _bytes.Advance(count);
    }
}
