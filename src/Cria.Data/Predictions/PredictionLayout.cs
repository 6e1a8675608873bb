using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cria.Data.Predictions;

/// <summary>
/// Where what stands in a file of predictions: a prefix and the header; the windows, each behind a head of its own, so that what a killed
/// program left can be read as far as it is good; an index, and the end, which are written last. docs/cached-teachers.md
/// </summary>
static class PredictionLayout
{
    public const int PrefixBytes = 16, HeadBytes = 20, EntryBytes = 12, EndBytes = 8 + 4 + SHA256.HashSizeInBytes + 8;

    public const int MostHeaderBytes = 1 << 20;

    const uint Version = 1;

    public static ReadOnlySpan<byte> Magic => "CRIAPRED"u8;

    public static ReadOnlySpan<byte> EndMagic => "PREDDONE"u8;

    /// <summary>The beginning of a file with this header.</summary>
    public static byte[] Beginning(PredictionHeader header)
    {
        byte[] json = HeaderJson.Write(header), bytes = new byte[PrefixBytes + json.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), json.Length);
        json.CopyTo(bytes, PrefixBytes);
        return bytes;
    }

    /// <summary>The header's bytes in a prefix.</summary>
    /// <exception cref="DataException">It is none.</exception>
    public static int HeaderBytes(ReadOnlySpan<byte> prefix, string path, long length)
    {
        if (!prefix.StartsWith(Magic))
            throw new DataException($"{path} holds no predictions of teachers; name a file that `cria teach` wrote.");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (version != Version)
            throw new DataException($"{path} has version {version}, and this program reads version {Version}; make it again with `cria teach`.");
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(prefix[12..]);
        return bytes <= MostHeaderBytes && bytes <= length - PrefixBytes ? (int)bytes : throw Cut(path);
    }

    public static DataException Cut(string path) => new($"{path} is not whole; copy it again, or make it again with `cria teach`.");

    /// <summary>What stands before a window's bytes.</summary>
    public static void WriteHead(Span<byte> head, PackedWindow window, ulong check)
    {
        BinaryPrimitives.WriteInt32LittleEndian(head, window.Stored.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], window.Plain);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], window.Most);
        BinaryPrimitives.WriteUInt64LittleEndian(head[12..], check);
    }

    /// <summary>A window's head, if its numbers can be those of a window.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, PredictionHeader header, out WindowHead read)
    {
        read = new(BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(head[8..]), BinaryPrimitives.ReadUInt64LittleEndian(head[12..]));
        return read.Stored >= 0 && read.Stored <= read.Plain && read.Plain <= header.MostBytes && WindowCodec.MayBe(read.Plain, read.Stored)
            && read.Most >= 0 && read.Most <= header.Choice.Most;
    }

    /// <summary>What stands for all of a file.</summary>
    public static byte[] Identity(ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> index, int most)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(beginning);
        hash.AppendData(index);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, most);
        hash.AppendData(number);
        return hash.GetHashAndReset();
    }
}

/// <summary>What the head of a window says.</summary>
/// <param name="Stored">Bytes that follow.</param>
/// <param name="Plain">Bytes before they were packed.</param>
/// <param name="Most">The most tokens kept of a row.</param>
/// <param name="Check">Of all of it.</param>
readonly record struct WindowHead(int Stored, int Plain, int Most, ulong Check);
