using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

public sealed partial class DocumentIndexTests
{
    static readonly int[] Lengths = [3, 0, 1, 12, 0, 0, 25, 4, 3, 1];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(7), InlineData(1000)]
    public void Every_document_is_found_wherever_files_end(long tokensPerShard)
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(Lengths);
        SampleShards.Write(folder["set"], documents, SampleShards.Options(tokensPerShard: tokensPerShard));
        using ShardSet set = ShardSet.Open(folder["set"]);
        set.Verify();
        AssertDocuments(documents, set);
    }

    [Fact]
    public void Any_run_of_starts_can_be_asked_for_and_none_beyond()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(Lengths), SampleShards.Options(tokensPerShard: 5));
        using ShardSet set = ShardSet.Open(folder["set"]);
        var all = new long[Lengths.Length + 1];
        set.ReadDocumentStarts(0, all);
        for (int first = 0; first <= all.Length; first++)
        {
            for (int count = 0; first + count <= all.Length; count++)
            {
                var some = new long[count];
                set.ReadDocumentStarts(first, some);
                Assert.Equal(all[first..(first + count)], some);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => set.ReadDocumentStarts(all.Length, new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.ReadDocumentStarts(-1, new long[1]));
    }

    [Fact]
    public void A_set_of_version_1_is_read_and_its_documents_are_found()
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(Lengths);
        SampleShards.Write(folder["set"], documents, SampleShards.Options(tokensPerShard: 5));
        MakeFirstVersion(folder["set"]);
        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.False(set.Manifest.HasIndex);
        set.Verify();
        AssertDocuments(documents, set);
    }

    [Fact]
    public void Numpy_s_concatenation_of_the_index_files_is_the_whole_index()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(Lengths), SampleShards.Options(tokensPerShard: 5));
        byte[] bytes = [.. Directory.GetFiles(folder["set"], "*.idx").Order().SelectMany(File.ReadAllBytes)];
        using ShardSet set = ShardSet.Open(folder["set"]);
        for (int n = 0; n < Lengths.Length; n++)
            Assert.Equal(Start(set, n), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8 * n)));
        Assert.Equal(8 * Lengths.Length, bytes.Length);
    }

    [Theory]
    [InlineData(0), InlineData(-1), InlineData(long.MinValue), InlineData(61), InlineData(long.MaxValue)]
    public void A_start_outside_the_stream_is_refused(long start)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(Lengths));
        byte[] bytes = File.ReadAllBytes(folder["set/00000.idx"]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), start);
        File.WriteAllBytes(folder["set/00000.idx"], bytes);
        using ShardSet set = ShardSet.Open(folder["set"]);
        var e = Assert.Throws<DataException>(() => Start(set, 2));
        Assert.Contains($"00000.idx says that a document begins at {start}", e.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", Assert.Throws<DataException>(() => set.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_is_cut_or_gone_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(Lengths));
        File.WriteAllBytes(folder["set/00000.idx"], new byte[79]);
        Assert.Contains("79 bytes", Assert.Throws<DataException>(() => ShardSet.Open(folder["set"])).Message,
            StringComparison.Ordinal);
        File.Delete(folder["set/00000.idx"]);
        Assert.Contains("00000.idx is missing", Assert.Throws<DataException>(() => ShardSet.Open(folder["set"])).Message,
            StringComparison.Ordinal);
    }

    internal static void AssertDocuments(int[][] documents, ShardSet stream)
    {
        Assert.Equal(documents.Length, stream.Documents);
        for (int n = 0; n < documents.Length; n++)
        {
            long start = Start(stream, n), end = Start(stream, n + 1) - 1;
            Assert.Equal(documents[n].Length, end - start);
            var ids = new int[end - start + 2];
            stream.Read(start - 1, ids);
            Assert.Equal([stream.EndOfText, .. documents[n], stream.EndOfText], ids);
        }

        Assert.Equal(stream.Tokens, Start(stream, documents.Length));
    }

    internal static void MakeFirstVersion(string folder)
    {
        string path = Path.Combine(folder, ShardManifest.FileName);
        string json = File.ReadAllText(path).Replace("\"version\": 2", "\"version\": 1", StringComparison.Ordinal);
        File.WriteAllText(path, IndexKeys().Replace(json, ""));
        foreach (string index in Directory.GetFiles(folder, "*.idx"))
            File.Delete(index);
    }

    static long Start(ShardSet stream, long document)
    {
        Span<long> start = [0];
        stream.ReadDocumentStarts(document, start);
        return start[0];
    }

    [GeneratedRegex(""",\s*"documents": \d+,\s*"index_sha256": "\w+"(?=\s*\})""")]
    private static partial Regex IndexKeys();
}
