using System.IO.Compression;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Parquet;

/// <summary>Files that no program writes by mistake.</summary>
public sealed class HostileParquetTests
{
    [Theory]
    [InlineData(1)] // Snappy
    [InlineData(2)] // gzip
    [InlineData(4)] // brotli
    [InlineData(6)] // zstd
    [InlineData(7)] // LZ4
    public void A_page_that_claims_two_gigabytes_is_refused_before_they_are_taken(long codec)
    {
        byte[] packed = codec switch
        {
            1 => [0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. new byte[100]],
            2 or 4 => Packed(codec, new byte[100]),
            _ => new byte[100],
        };
        foreach (long size in (long[])[int.MaxValue, 500 << 20])
        {
            var file = new MadeFile { Rows = 1, Codec = codec }.Page(1, 0, packed, size);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("damaged", Refusal(file), StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
        }
    }

    [Fact]
    public void A_page_that_unpacks_to_another_size_is_refused()
    {
        byte[] page = MadeFile.Plain("some text", "and more of it");
        foreach (long codec in (long[])[2, 4])
        {
            byte[] packed = Packed(codec, page);
            Assert.Equal(2, Documents(new MadeFile { Rows = 2, Codec = codec }.Page(2, 0, packed, page.Length)).Count);
            foreach (int lie in (int[])[-1, 1, 1000])
            {
                var file = new MadeFile { Rows = 2, Codec = codec }.Page(2, 0, packed, page.Length + lie);
                Assert.Contains("unpack", Refusal(file), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_page_of_zeros_that_truly_unpacks_to_megabytes_is_read()
    {
        byte[] page = MadeFile.Plain(new string('a', 20 << 20));
        Assert.Equal(20 << 20, Documents(new MadeFile { Rows = 1, Codec = 4 }.Page(1, 0, Packed(4, page), page.Length))[0].Utf8.Length);
    }

    [Fact]
    public void A_text_beyond_the_limit_is_refused_with_its_row()
    {
        var file = new MadeFile { Rows = 3 }.Page(3, 0, MadeFile.Plain("a", "b", new string('c', 5000)));
        Assert.Contains(":3 ", Refusal(file, new ReaderOptions { MaxDocumentBytes = 4999 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_billion_rows_of_nulls_do_not_take_memory_before_they_are_seen()
    {
        // One run of 2^31 - 1 zeros: six bytes, of which the file claims nothing that is not so; but a second page is missing.
        byte[] levels = [6, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0];
        var file = new MadeFile { Rows = 5L << 28, Repetition = 1 }.Page(1 << 20, 0, levels);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("values too early", Refusal(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData(0), InlineData(2), InlineData(6), InlineData(7), InlineData(8)] // plain, dictionary, delta lengths, shared, dictionary
    public void A_page_of_nulls_needs_nothing_but_its_levels(long encoding)
    {
        byte[] nulls = [2, 0, 0, 0, 6, 0], texts = [2, 0, 0, 0, 2, 1]; // a run of three zeros; of one 1
        var file = new MadeFile { Rows = 4, Repetition = 1 }.Page(3, encoding, nulls).Page(1, 0, [.. texts, .. MadeFile.Plain("a")]);
        Assert.Equal(4, Assert.Single(Documents(file)).Line);
    }

    [Fact]
    public void A_dictionary_of_large_texts_that_repeat_is_read_in_blocks_of_bounded_size()
    {
        string text = new('t', 100_000);
        byte[] indices = [0, 0x90, 0x4E]; // numbers of no bits: a run of 5000 zeros
        var file = new MadeFile { Rows = 5000 }.Dictionary(1, MadeFile.Plain(text)).Page(5000, 8, indices);
        using var folder = new TemporaryFolder();
        string path = folder.Write("repeated.parquet", file.ToArray());
        long documents = 0;
        foreach (DocumentBlock block in DocumentReader.Open([path]).Blocks())
        {
            IReadOnlyList<Document> parsed = block.Parse(new ReaderStatistics());
            Assert.Equal(documents + 1, block.Line);
            Assert.InRange(parsed.Sum(document => document.Utf8.Length), 1, (1 << 20) + text.Length);
            documents += parsed.Count;
        }

        Assert.Equal(5000, documents);
    }

    [Fact]
    public void Shared_beginnings_that_multiply_a_page_are_refused()
    {
        // DELTA_BYTE_ARRAY: the first value has a thousand bytes, and a million more share all of them.
        const int Count = 1_000_001;
        byte[] shared = Delta(Count, first: 0, delta: 1000), suffixes = Delta(Count, first: 1000, delta: -1000);
        var file = new MadeFile { Rows = Count }.Page(Count, 7, [.. shared, .. suffixes, .. new byte[1000]]);
        Assert.Contains("by repeating them", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_columns_and_footers_are_refused_by_name()
    {
        var file = new MadeFile { Rows = 1, EndOfChunk = chunk => chunk.With(8, new ThriftStruct()) }.Page(1, 0, MadeFile.Plain("a"));
        Assert.Contains("is encrypted", Refusal(file), StringComparison.Ordinal);
        byte[] whole = new MadeFile { Rows = 1 }.Page(1, 0, MadeFile.Plain("a")).ToArray();
        "PARE"u8.CopyTo(whole.AsSpan(^4));
        Assert.Contains("is encrypted", Refusal(whole), StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_nests_without_end_is_refused()
    {
        var elements = new List<ThriftStruct>();
        for (int i = 0; i < 100_000; i++)
            elements.Add(MadeFile.Element("a", null, children: 1));
        Assert.Contains("nested", Refusal(new MadeFile { Schema = [.. elements] }), StringComparison.Ordinal);
        var inner = new ThriftStruct();
        for (int i = 0; i < 10_000; i++)
            inner = new ThriftStruct().With(1, inner);
        Assert.Contains("nested", Refusal(new MadeFile { EndOfFooter = footer => footer.With(5, inner) }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31, 4096, 20_000)] // each path would be long
    [InlineData(1, 4000, 20_000)] // all paths together would
    public void Paths_of_columns_do_not_multiply_a_footer(int groups, int length, int leaves)
    {
        string name = new('n', length);
        var elements = new List<ThriftStruct> { MadeFile.Element("root", null, children: 1) };
        for (int i = 0; i < groups; i++)
            elements.Add(MadeFile.Element(name, null, children: i < groups - 1 ? 1 : leaves));
        for (int i = 0; i < leaves; i++)
            elements.Add(MadeFile.Element("a", 6));
        byte[] bytes = new MadeFile { Schema = [.. elements] }.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("the schema's names are longer", Refusal(bytes), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 24 << 20);
    }

    [Theory]
    [InlineData(2, 2, "a dictionary that has 1")] // a number beyond the dictionary
    [InlineData(1, 64, "bits each")]
    public void Numbers_beyond_the_dictionary_are_refused(int header, int width, string fault)
    {
        var file = new MadeFile { Rows = 1 }.Dictionary(1, MadeFile.Plain("a")).Page(1, 8, [(byte)width, (byte)header, 1, 0, 0, 0, 0]);
        Assert.Contains(fault, Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_end_where_those_of_the_next_column_begin()
    {
        // As if the second page were another column's: the same claim of rows, the pages' end before it, or within.
        byte[] own = MadeFile.Plain("a", "b"), other = MadeFile.Plain("what nobody asked for");
        int end = new MadeFile().Page(2, 0, own).PageBytes, both = new MadeFile().Page(2, 0, own).Page(1, 0, other).PageBytes;
        MadeFile File(long packed) => new MadeFile { Rows = 3, PackedBytes = packed }.Page(2, 0, own).Page(1, 0, other);
        Assert.Equal(3, Documents(File(both)).Count);
        Assert.Contains("1 values too early", Refusal(File(end)), StringComparison.Ordinal);
        Assert.Contains("left of its column", Refusal(File(both - 1)), StringComparison.Ordinal);
        foreach (long lie in (long[])[-1, both + 1, long.MaxValue])
            Assert.Contains($"pages claim {lie} bytes", Refusal(File(lie)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dictionarys_header_that_its_writer_did_not_count_is_no_fault()
    {
        MadeFile File(long? packed) => new MadeFile { Rows = 2, PackedBytes = packed }.Dictionary(1, MadeFile.Plain("a")).Page(2, 8, [0, 4]);
        int header = new MadeFile().Dictionary(1, MadeFile.Plain("a")).PageBytes - MadeFile.Plain("a").Length;
        Assert.Equal(2, Documents(File(File(null).PageBytes - header)).Count);
        Assert.Contains("left of its column", Refusal(File(File(null).PageBytes - header - 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_contradict_each_other_are_refused()
    {
        byte[] page = MadeFile.Plain("a", "b");
        Assert.Contains("3 values where 2", Refusal(new MadeFile { Rows = 2 }.Page(3, 0, page)), StringComparison.Ordinal);
        Assert.Contains("values too early", Refusal(new MadeFile { Rows = 3 }.Page(2, 0, page)), StringComparison.Ordinal);
        Assert.Contains("ends before its values", Refusal(new MadeFile { Rows = 3 }.Page(3, 0, page)), StringComparison.Ordinal);
        Assert.Contains("there are two dictionaries",
            Refusal(new MadeFile { Rows = 1 }.Dictionary(2, page).Dictionary(2, page).Page(1, 8, [0, 2])), StringComparison.Ordinal);
        Assert.Contains("a dictionary that is not there", Refusal(new MadeFile { Rows = 1 }.Page(1, 8, [0, 2])), StringComparison.Ordinal);
    }

    static byte[] Delta(int count, int first, int delta)
    {
        // Blocks of 2^20 in one part of no bits: all differences but the first are zero, which a second block needs.
        var bytes = new List<byte>();
        Varint(bytes, 8);
        Varint(bytes, 1);
        Varint(bytes, (ulong)count);
        Varint(bytes, ZigZag(first));
        Varint(bytes, ZigZag(Math.Min(0, delta)));
        int width = 11; // bits of the first difference, seven of nothing follow it
        bytes.Add((byte)width);
        ulong relative = (ulong)(delta - Math.Min(0, delta)), zero = (ulong)(0 - Math.Min(0, delta));
        UInt128 bits = relative;
        for (int i = 1; i < 8; i++)
            bits |= (UInt128)zero << (width * i);
        for (int i = 0; i < width; i++)
            bytes.Add((byte)(bits >> (8 * i)));
        for (int read = 9; read < count; read += 8)
            bytes.AddRange([0, 0]);
        return [.. bytes];
    }

    static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    static void Varint(List<byte> bytes, ulong value)
    {
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
    }

    static byte[] Packed(long codec, byte[] bytes)
    {
        var packed = new MemoryStream();
        using (Stream packing = codec == 2
            ? new GZipStream(packed, CompressionLevel.Fastest)
            : new BrotliStream(packed, CompressionLevel.Fastest))
            packing.Write(bytes);
        return packed.ToArray();
    }

    static string Refusal(MadeFile file, ReaderOptions? options = null) => Refusal(file.ToArray(), options);

    static string Refusal(byte[] bytes, ReaderOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("hostile.parquet", bytes);
        return Assert.Throws<DataException>(() => DocumentReader.Open([path], options).Count()).Message;
    }

    static List<Document> Documents(MadeFile file)
    {
        using var folder = new TemporaryFolder();
        return [.. DocumentReader.Open([folder.Write("made.parquet", file.ToArray())])];
    }
}
