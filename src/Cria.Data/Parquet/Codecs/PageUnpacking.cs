using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Cria.Data.Compression;

namespace Cria.Data.Parquet.Codecs;

/// <summary>
/// Unpacks pages. What a header says of a page's size is believed as far as its codec could make so much of the packed
/// bytes; where that is no limit, memory grows with what comes out.
/// </summary>
static class PageUnpacking
{
    /// <summary>A larger page is refused: writers make pages of one megabyte, DuckDB of a hundred.</summary>
    public const int MaxPageBytes = 512 << 20;

    const int FirstBytes = 1 << 16, FirstExpansion = 16;

    /// <summary>The page's bytes, <paramref name="size"/> of them; the packed ones themselves if they are not packed.</summary>
    /// <exception cref="InvalidDataException">The page is damaged, or has another size.</exception>
    /// <exception cref="DataException">The codec is not read here.</exception>
    public static ReadOnlyMemory<byte> Unpack(
        PageCodec codec, ReadOnlyMemory<byte> packed, int size, PagePlace place, LargePageBuffers? buffers)
    {
        if (size > MaxPageBytes)
            throw new InvalidDataException($"a page claims {size} bytes, more than the {MaxPageBytes >> 20} MB that are read");
        if (size == 0) // all values are null: some writers leave the packed bytes out as well
            return default;
        if (codec == PageCodec.Uncompressed)
        {
            return packed.Length == size
                ? packed
                : throw new InvalidDataException($"a page that is not packed has {packed.Length} bytes and claims {size}");
        }

        int believable = Believable(codec, packed.Length, size, place);
        byte[] output = buffers?.Unpacked(believable) ?? GC.AllocateUninitializedArray<byte>(believable);
        switch (codec)
        {
            case PageCodec.Snappy:
                SnappyBlock.Unpack(packed.Span, output.AsSpan(0, size));
                break;
            case PageCodec.Lz4Raw:
                Lz4Block.Unpack(packed.Span, output.AsSpan(0, size));
                break;
            case PageCodec.Zstd when output.Length >= size:
                Zstandard.For(place.Path).Decompress(packed.Span, output.AsSpan(0, size));
                break;
            default:
                using (Stream stream = Unpacking(codec, packed, place))
                    output = Streamed(stream, output, size);
                break;
        }

        return output.AsMemory(0, size);
    }

    /// <summary>How much of a claimed size is taken for true before anything is unpacked.</summary>
    static int Believable(PageCodec codec, int packed, int size, PagePlace place)
    {
        int? maxExpansion = codec switch
        {
            PageCodec.Snappy => SnappyBlock.MaxExpansion,
            PageCodec.Lz4Raw => Lz4Block.MaxExpansion,
            PageCodec.Gzip or PageCodec.Brotli or PageCodec.Zstd => null,
            PageCodec.Lzo => throw place.Refused("is packed with LZO"),
            PageCodec.Lz4 => throw place.Refused("is packed with LZ4 in Hadoop's frames"),
            _ => throw new InvalidDataException($"pages are packed with the unknown codec {(int)codec}"),
        };
        if (maxExpansion is null)
            return (int)Math.Min(size, FirstBytes + ((long)FirstExpansion * packed));
        return size <= (long)packed * maxExpansion
            ? size
            : throw new InvalidDataException($"a page of {packed} bytes claims to unpack to {size}");
    }

    static byte[] Streamed(Stream stream, byte[] output, int size)
    {
        int filled = 0;
        try
        {
            while (true)
            {
                int wanted = Math.Min(size, output.Length);
                filled += stream.ReadAtLeast(output.AsSpan(filled, wanted - filled), wanted - filled, throwOnEndOfStream: false);
                if (filled < wanted)
                    break;
                if (filled < size)
                    Array.Resize(ref output, (int)Math.Min(size, 2L * output.Length));
                else if (stream.ReadByte() < 0)
                    return output;
                else
                    throw new InvalidDataException($"a page unpacks to more than the {size} bytes that it claims");
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException) // what the streams say of damage
        {
            throw new InvalidDataException("a packed page does not unpack", e);
        }

        throw new InvalidDataException($"a page unpacks to {filled} bytes where it claims {size}");
    }

    static Stream Unpacking(PageCodec codec, ReadOnlyMemory<byte> packed, PagePlace place)
    {
        bool isArray = MemoryMarshal.TryGetArray(packed, out ArraySegment<byte> bytes);
        Debug.Assert(isArray);
        var input = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        return codec switch
        {
            PageCodec.Gzip => new GZipStream(input, CompressionMode.Decompress),
            PageCodec.Brotli => new BrotliStream(input, CompressionMode.Decompress),
            _ => new ZstandardReader(input, Zstandard.For(place.Path)),
        };
    }
}
