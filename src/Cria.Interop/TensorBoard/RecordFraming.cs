using System.Buffers.Binary;
using System.Numerics;

namespace Cria.Interop.TensorBoard;

/// <summary>
/// How event files frame their records: the length in eight bytes, its checksum, the bytes, their checksum; all little
/// endian. A checksum is a masked CRC-32C, so that a file of checksums does not look like its own.
/// </summary>
static class RecordFraming
{
    public const int HeaderBytes = sizeof(ulong) + sizeof(uint), FooterBytes = sizeof(uint);

    const uint MaskDelta = 0xa282ead8;

    public static void Write(Stream stream, ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Checksum(header[..sizeof(ulong)]));
        Span<byte> footer = stackalloc byte[FooterBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Checksum(record));
        stream.Write(header);
        stream.Write(record);
        stream.Write(footer);
    }

    /// <summary>CRC-32C (Castagnoli, RFC 3720), turned by 15 bits and moved.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
