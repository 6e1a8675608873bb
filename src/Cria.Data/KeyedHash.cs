using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Cria.Data;

/// <summary>
/// The 64-bit mixing behind every seeded choice of this room: data order, offsets, train/validation sides. The same on
/// every machine and in every version; not for secrets.
/// </summary>
static class KeyedHash
{
    // The odd constant nearest to 2^64 / golden ratio: successive multiples spread evenly over the 64-bit circle.
    const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>
    /// A bijection of the 64-bit numbers in which every input bit reaches every output bit (the SplitMix64 finalizer:
    /// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    /// </summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>The hash of a word under a key; chained, the hash of a sequence of words.</summary>
    public static ulong Combine(ulong key, ulong word) => Mix((key * Golden) ^ Mix(word + Golden));

    /// <summary>A number in [0, <paramref name="count"/>), as even as 64 bits allow (multiply and keep the
    /// top).</summary>
    public static long Below(ulong hash, long count) => (long)Math.BigMul(hash, (ulong)count, out _);

    /// <summary>The key that a manifest hash (64 hexadecimal digits) stands for.</summary>
    public static ulong OfHex(string hex)
    {
        ulong key = 0;
        for (int i = 0; i < hex.Length; i += 16)
        {
            ReadOnlySpan<char> digits = hex.AsSpan(i, Math.Min(16, hex.Length - i));
            key = Combine(key, ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        return key;
    }

    /// <summary>The first 128 bits of SHA-256: two different documents never share them in practice.</summary>
    public static UInt128 OfBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
