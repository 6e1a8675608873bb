using System.Buffers.Binary;
using System.Collections.Frozen;

namespace Cria.Data.Unicode;

/// <summary>
/// What normalisation must know of each code point, from the embedded <c>normalization.bin</c>, which
/// <c>scripts/make-unicode-tables.py</c> makes from the Unicode Character Database.
/// </summary>
/// <remarks>
/// Layout, little-endian: "CRIAUNI1"; eight uint32: version (three), counts of index, blocks, records, pool, pairs;
/// index: uint16 a block of 128 code points; blocks: 128 uint16 each, a record's number; records: combining class,
/// flags, lengths of both full decompositions (uint8), their places in the pool (uint16); pool: uint32 code points;
/// pairs: three uint32, first + second = composite.
/// </remarks>
sealed class NormalizationTables
{
    const int BlockBits = 7;
    const int HeaderBytes = 8 + 8 * 4;

    readonly ushort[] _index;
    readonly ushort[] _blocks;
    readonly CodePointRecord[] _records;
    readonly int[] _pool;
    readonly FrozenDictionary<ulong, int> _pairs;

    NormalizationTables(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("CRIAUNI1"u8))
            throw new InvalidDataException("normalization.bin is not a table of this version.");
        Span<int> header = stackalloc int[8];
        for (int i = 0; i < header.Length; i++)
            header[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(8 + 4 * i)..]);

        UnicodeVersion = new Version(header[0], header[1], header[2]);
        bytes = bytes[HeaderBytes..];
        _index = Halves(ref bytes, header[3]);
        _blocks = Halves(ref bytes, header[4] << BlockBits);
        _records = Records(ref bytes, header[5]);
        _pool = Words(ref bytes, header[6]);
        _pairs = Pairs(Words(ref bytes, 3 * header[7]));
    }

    /// <summary>The tables, read once.</summary>
    public static NormalizationTables Instance { get; } = Load();

    /// <summary>The version of Unicode they were made from.</summary>
    public Version UnicodeVersion { get; }

    /// <summary>What is known of a code point from 0 to 10FFFF.</summary>
    public ref readonly CodePointRecord this[int codePoint] =>
        ref _records[_blocks[(_index[codePoint >> BlockBits] << BlockBits) + (codePoint & ((1 << BlockBits) - 1))]];

    /// <summary>The full decomposition; empty if the code point stands for itself.</summary>
    public ReadOnlySpan<int> Decomposition(in CodePointRecord record, bool compatible) => compatible
        ? _pool.AsSpan(record.CompatibleStart, record.CompatibleLength)
        : _pool.AsSpan(record.CanonicalStart, record.CanonicalLength);

    /// <summary>The primary composite of two code points, or -1.</summary>
    public int Composite(int first, int second) =>
        _pairs.TryGetValue(PairKey(first, second), out int composite) ? composite : -1;

    static NormalizationTables Load()
    {
        using Stream stream = typeof(NormalizationTables).Assembly.GetManifestResourceStream("normalization.bin")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new NormalizationTables(bytes);
    }

    static ulong PairKey(int first, int second) => ((ulong)(uint)first << 32) | (uint)second;

    static ushort[] Halves(ref ReadOnlySpan<byte> bytes, int count)
    {
        var values = new ushort[count];
        for (int i = 0; i < count; i++)
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        bytes = bytes[(2 * count)..];
        return values;
    }

    static int[] Words(ref ReadOnlySpan<byte> bytes, int count)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        bytes = bytes[(4 * count)..];
        return values;
    }

    static CodePointRecord[] Records(ref ReadOnlySpan<byte> bytes, int count)
    {
        var records = new CodePointRecord[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(8 * i, 8);
            records[i] = new CodePointRecord(entry[0], entry[1], entry[2], entry[3],
                BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]));
        }

        bytes = bytes[(8 * count)..];
        return records;
    }

    static FrozenDictionary<ulong, int> Pairs(int[] words)
    {
        var pairs = new Dictionary<ulong, int>(words.Length / 3);
        for (int i = 0; i < words.Length; i += 3)
            pairs.Add(PairKey(words[i], words[i + 1]), words[i + 2]);
        return pairs.ToFrozenDictionary();
    }
}

/// <summary>One kind of code point; many code points share it.</summary>
readonly record struct CodePointRecord(
    byte CombiningClass,
    byte Flags,
    byte CanonicalLength,
    byte CompatibleLength,
    ushort CanonicalStart,
    ushort CompatibleStart)
{
    /// <summary>The bits of Flags that say "changes" or "may join what stands before", for NFC and for NFKC.</summary>
    public const byte NotNfc = 1 | 2, NotNfkc = 4 | 8;
}
