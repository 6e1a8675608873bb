using System.Buffers.Binary;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// llm.c's files (dev/data/data_common.py) and modded-nanogpt's FineWeb shards: 256 int32, of which the first three
/// are a magic number, a version and the number of ids; then uint16 ids (20240520, version 1) or uint32 (20240801, version 7).
/// </summary>
sealed class LlmcFile : ITokenFileFormat
{
    const int NarrowMagic = 20240520, NarrowVersion = 1, WideMagic = 20240801, WideVersion = 7;
    const int HeaderLength = 256 * sizeof(int);

    public string Name => "llmc";

    public bool IsFilledUp => false;

    public bool Recognises(ReadOnlySpan<byte> beginning) =>
        beginning.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(beginning) is NarrowMagic or WideMagic;

    public TokenFileLayout Layout(string path, ReadOnlySpan<byte> beginning, long fileLength, int bytesPerToken)
    {
        if (beginning.Length < HeaderLength)
        {
            throw new DataException($"{path} has {fileLength} bytes, and the header alone of such a file has {HeaderLength}; " +
                "fetch it again.");
        }

        (int version, int tokens) = (Number(beginning, 1), Number(beginning, 2));
        bool isWide = Number(beginning, 0) == WideMagic;
        int expected = isWide ? WideVersion : NarrowVersion;
        if (version != expected)
            throw new DataException($"{path} has version {version} of llm.c's format; expected {expected}.");
        var layout = new TokenFileLayout(HeaderLength, tokens, isWide ? sizeof(uint) : sizeof(ushort));
        long length = HeaderLength + layout.Tokens * layout.BytesPerToken;
        if (tokens < 0 || length != fileLength)
        {
            throw new DataException($"{path} says that it holds {tokens} tokens, which would take {length} bytes, and has {fileLength}; " +
                "it is cut or damaged: fetch it again.");
        }

        return layout;
    }

    public byte[] Header(long tokens, int bytesPerToken)
    {
        if (tokens > int.MaxValue)
        {
            throw new DataException($"A file of llm.c holds at most {int.MaxValue} tokens, and these are {tokens}; " +
                "write shards: `fineweb`.");
        }

        bool isWide = bytesPerToken == sizeof(uint);
        var header = new byte[HeaderLength];
        int[] numbers = [isWide ? WideMagic : NarrowMagic, isWide ? WideVersion : NarrowVersion, (int)tokens];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(i * sizeof(int)), numbers[i]);
        return header;
    }

    static int Number(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header[(index * sizeof(int))..]);
}
