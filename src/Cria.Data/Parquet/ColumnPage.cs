using System.Buffers.Binary;
using System.Numerics;
using Cria.Data.Parquet.Codecs;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Parquet;

/// <summary>A data page as it lies in the file. <see cref="Open"/> may be called on any thread.</summary>
/// <param name="Header">What it says about itself.</param>
/// <param name="Bytes">Its bytes, packed.</param>
/// <param name="Codec">How the column is packed.</param>
/// <param name="MaxLevel">The definition level of a value that is there.</param>
/// <param name="Place">Where it stands.</param>
sealed record ColumnPage(PageHeader Header, ReadOnlyMemory<byte> Bytes, PageCodec Codec, int MaxLevel, PagePlace Place)
{
    /// <summary>The values of the column's dictionary, if it has one.</summary>
    public ValueRun? Dictionary { get; init; }

    /// <summary>The memory that a large page shares with the next one; null if it has its own.</summary>
    public LargePageBuffers? Buffers { get; init; }

    /// <summary>Whether page and values are gone when the next page is read.</summary>
    public bool IsLarge => Buffers is not null;

    /// <summary>Whether its texts take no more memory than the page itself, as they are not repeated from elsewhere.</summary>
    public bool IsItsOwnSize => Header.Encoding is PageEncoding.Plain or PageEncoding.DeltaLengthByteArray;

    /// <summary>Unpacks the page and finds its parts.</summary>
    /// <exception cref="DataException">It is damaged, or of a kind that is not read here.</exception>
    public PageValues Open()
    {
        try
        {
            return Header.Kind == PageKind.DataV2 ? OpenV2() : OpenV1();
        }
        catch (InvalidDataException e)
        {
            throw Place.Damaged(e);
        }
    }

    PageValues OpenV1()
    {
        ReadOnlyMemory<byte> bytes = PageUnpacking.Unpack(Codec, Bytes, Header.Size, Place, Buffers);
        if (MaxLevel == 0)
            return Values(bytes, default);
        if (Header.LevelEncoding != PageEncoding.Rle)
            throw Place.Refused($"has definition levels in the encoding {Header.LevelEncoding}");
        if (bytes.Length < sizeof(int))
            throw new InvalidDataException("a page ends before its levels");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span);
        if (length > bytes.Length - sizeof(int))
            throw new InvalidDataException($"a page of {bytes.Length} bytes claims {length} bytes of levels");
        int end = sizeof(int) + (int)length;
        return Values(bytes[end..], bytes[sizeof(int)..end]);
    }

    PageValues OpenV2()
    {
        int begin = Header.RepetitionBytes, end = begin + Header.DefinitionBytes;
        PageCodec codec = Header.IsPacked ? Codec : PageCodec.Uncompressed;
        return Values(PageUnpacking.Unpack(codec, Bytes[end..], Header.Size - end, Place, Buffers), Bytes[begin..end]);
    }

    PageValues Values(ReadOnlyMemory<byte> values, ReadOnlyMemory<byte> levels)
    {
        HybridDecoder? levelDecoder = MaxLevel == 0 ? null : new HybridDecoder(levels, BitOperations.Log2((uint)MaxLevel) + 1);
        return new PageValues(Place, Header.Values, () => Decoder(values), levelDecoder, MaxLevel);
    }

    IValueDecoder Decoder(ReadOnlyMemory<byte> values) => Header.Encoding switch
    {
        PageEncoding.Plain => new PlainDecoder(values),
        PageEncoding.PlainDictionary or PageEncoding.RleDictionary => new DictionaryDecoder(values,
            Dictionary ?? throw new InvalidDataException("a page needs a dictionary that is not there")),
        PageEncoding.DeltaLengthByteArray => new DeltaLengthDecoder(values, Header.Values),
        PageEncoding.DeltaByteArray => new DeltaByteArrayDecoder(values, Header.Values),
        _ => throw new InvalidDataException($"a page of texts has the encoding {Header.Encoding}"),
    };
}
