using System.Buffers.Binary;

namespace Cria.Fuzz;

/// <summary>Blind damage: what disks, networks and editors do.</summary>
static class Damage
{
    public static byte[] Any(Random random, byte[] good)
    {
        byte[] bytes = [.. good];
        for (int i = random.Next(1, 4); i > 0; i--)
            bytes = One(random, bytes);
        return bytes;
    }

    static byte[] One(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        int at = random.Next(bytes.Length), length = Math.Min(1 + random.Next(64), bytes.Length - at);
        switch (random.Next(7))
        {
            case 0: // a bit
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: // some bytes
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 2: // all zeros or all ones
                bytes.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255);
                return bytes;
            case 3: // cut
                return bytes[..at];
            case 4: // a hole
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5: // something twice
                return [.. bytes[..(at + length)], .. bytes[at..]];
            default: // appended rubbish
                byte[] more = new byte[length];
                random.NextBytes(more);
                return [.. bytes, .. more];
        }
    }
}

/// <summary>Numbers that break programs.</summary>
static class Lies
{
    public static ulong Number(Random random, ulong truth, ulong size) => random.Next(16) switch
    {
        0 => 0,
        1 => 1,
        2 => truth + 1,
        3 => truth - 1,
        4 => truth * 2,
        5 => size,
        6 => size + 1,
        7 => size * 2,
        8 => int.MaxValue,
        9 => (ulong)int.MaxValue + 1,
        10 => uint.MaxValue,
        11 => long.MaxValue,
        12 => ulong.MaxValue,
        13 => (ulong)long.MaxValue - 7,
        14 => 1UL << random.Next(64),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    /// <summary>Writes a lie over a little-endian number of 1, 2, 4 or 8 bytes.</summary>
    public static byte[] At(Random random, byte[] good, int offset, int width)
    {
        byte[] bytes = [.. good];
        Span<byte> number = stackalloc byte[8];
        bytes.AsSpan(offset, width).CopyTo(number);
        ulong lie = Number(random, BinaryPrimitives.ReadUInt64LittleEndian(number), (ulong)good.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(number, lie);
        number[..width].CopyTo(bytes.AsSpan(offset));
        return bytes;
    }
}
