using System.Buffers.Binary;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// lit-gpt's packed data (<c>LITPKDS</c>; Inheritune, TinyLlama): a header of 24 bytes (magic, u64 version 1, u8 type of the
/// ids, u64 how many), then the ids. The type is int32 or uint16 here; its others hold no ids.
/// </summary>
sealed class LitPackedFile : ITokenFileFormat
{
    const int Version = 1, Int32Type = 4, UInt16Type = 8;
    const int VersionAt = 7, TypeAt = 15, TokensAt = 16;

    public const string FormatName = "litpkds";

    static ReadOnlySpan<byte> Magic => "LITPKDS"u8;

    public string Name => FormatName;

    public int HeaderLength => 24;

    public bool Recognises(ReadOnlySpan<byte> beginning) => beginning.StartsWith(Magic);

    public TokenFileLayout Layout(string path, ReadOnlySpan<byte> header, long fileLength, int bytesPerToken)
    {
        if (header.Length < HeaderLength)
        {
            throw new DataException($"{path} has {fileLength} bytes, and the header alone of such a file has {HeaderLength}; " +
                "fetch it again.");
        }

        ulong version = BinaryPrimitives.ReadUInt64LittleEndian(header[VersionAt..]);
        if (version != Version)
            throw new DataException($"{path} has version {version} of lit-gpt's packed data; expected {Version}.");
        int width = header[TypeAt] switch
        {
            Int32Type => sizeof(int),
            UInt16Type => sizeof(ushort),
            byte type => throw new DataException(
                $"{path} holds numbers of type {type}; expected ids, of type {UInt16Type} (uint16) or {Int32Type} (int32)."),
        };
        ulong tokens = BinaryPrimitives.ReadUInt64LittleEndian(header[TokensAt..]);
        UInt128 length = (UInt128)HeaderLength + (UInt128)tokens * (UInt128)width;
        if (length != (UInt128)fileLength)
        {
            throw new DataException($"{path} says that it holds {tokens} tokens, which would take {length} bytes, and has {fileLength}; " +
                "it is cut or damaged: fetch it again.");
        }

        return new TokenFileLayout((long)tokens, width);
    }

    public byte[] Header(long tokens, int bytesPerToken)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(VersionAt), Version);
        header[TypeAt] = bytesPerToken == sizeof(ushort) ? (byte)UInt16Type : (byte)Int32Type;
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TokensAt), tokens);
        return header;
    }
}
