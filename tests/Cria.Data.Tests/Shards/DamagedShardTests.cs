using System.Diagnostics;
using System.Text;
using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

public sealed class DamagedShardTests
{
    [Theory]
    [InlineData(-1), InlineData(-30), InlineData(1), InlineData(1000)]
    public void A_file_of_another_size_is_refused_at_once_with_both_sizes(int change)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60), SampleShards.Options(tokensPerShard: 40));
        string path = folder["set/00000.bin"];
        using (FileStream file = File.OpenWrite(path))
            file.SetLength(80 + change);

        var e = Assert.Throws<DataException>(() => ShardSet.Open(folder["set"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains($"{80 + change} bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("expects 80", e.Message, StringComparison.Ordinal);
        Assert.Contains("copy it again or pack the data again", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60), SampleShards.Options(tokensPerShard: 40));
        File.Delete(folder["set/00001.bin"]);
        Assert.Contains("00001.bin is missing",
            Assert.Throws<DataException>(() => ShardSet.Open(folder["set"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_byte_is_found_by_verify()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60));
        byte[] bytes = File.ReadAllBytes(folder["set/00000.bin"]);
        bytes[40] ^= 1;
        File.WriteAllBytes(folder["set/00000.bin"], bytes);
        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.Contains("SHA-256", Assert.Throws<DataException>(() => set.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_reads_every_byte_once_says_how_far_it_is_and_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60, 3), SampleShards.Options(tokensPerShard: 40));
        using ShardSet set = ShardSet.Open(folder["set"]);
        var heard = new Heard();
        set.Verify(heard);
        Assert.Equal([80, 88, 140, 148], heard.Values); // 40 ids, one start, 26 ids, one start
        Assert.Equal(set.SizeInBytes, heard.Values[^1]);
        Assert.Throws<OperationCanceledException>(() => set.Verify(null, new CancellationToken(true)));
    }

    [Fact]
    public void A_file_that_goes_or_is_cut_before_verify_ends_in_a_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there an open file cannot be removed");
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60), SampleShards.Options(tokensPerShard: 40));
        using ShardSet set = ShardSet.Open(folder["set"]);
        File.Delete(folder["set/00001.bin"]);
        Assert.Contains("00001.bin is missing", Assert.Throws<DataException>(() => set.Verify()).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["set/00001.bin"]);
        Assert.Contains("00001.bin could not be opened", Assert.Throws<DataException>(() => set.Verify()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, 200, 255), InlineData(70_000, 403, 255)]
    public void An_id_outside_the_vocabulary_never_reaches_the_caller(int vocabSize, int place, byte value)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(600), SampleShards.Options(vocabSize));
        byte[] bytes = File.ReadAllBytes(folder["set/00000.bin"]);
        bytes[place | 1] = value;
        File.WriteAllBytes(folder["set/00000.bin"], bytes);
        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.Contains("holds the id", Assert.Throws<DataException>(() => set.Read(0, new int[300])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_after_opening_ends_in_a_sentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the truncate program of Linux");
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(600));
        using ShardSet set = ShardSet.Open(folder["set"]);
        // Another program: .NET itself would refuse to write to what it has open.
        using (Process cut = Process.Start("truncate", ["-s", "100", folder["set/00000.bin"]]))
            cut.WaitForExit();
        Assert.Contains("could not be read", Assert.Throws<DataException>(() => set.Read(0, new int[300])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 2", "\"version\": 3", "version 3")]
    [InlineData("\"cria-shards\"", "\"other\"", "format")]
    [InlineData("\"vocab_size\": 1000", "\"vocab_size\": 0", "vocab_size")]
    [InlineData("\"vocab_size\": 1000", "\"vocab_size\": 99999999999", "vocab_size")]
    [InlineData("\"vocab_size\": 1000", "\"vocab_size\": 70000", "token_type")]
    [InlineData("\"end_of_text\": 0", "\"end_of_text\": 1000", "end_of_text")]
    [InlineData("\"end_of_text\": 0", "\"end_of_text\": -1", "end_of_text")]
    [InlineData("\"uint16\"", "\"float\"", "token_type")]
    [InlineData("\"tokens\": 62", "\"tokens\": -62", "tokens")]
    [InlineData("\"tokens\": 62", "\"tokens\": 9223372036854775807", "tokens")]
    [InlineData("\"tokens\": 62", "\"tokens\": 1e300", "tokens")]
    [InlineData("\"tokens\": 62", "\"tokens\": 63", "tokens")]
    [InlineData("\"tokens\": 62", "\"tokens\": \"62\"", "tokens")]
    [InlineData("\"documents\": 1", "\"documents\": 62", "documents")]
    [InlineData("\"documents\": 1", "\"documents\": -1", "documents")]
    [InlineData("\"text_bytes\": 120", "\"text_bytes\": -1", "text_bytes")]
    [InlineData("\"file\": \"00000.bin\"", "\"file\": \"../../etc/passwd\"", "file")]
    [InlineData("\"tokens\": 40", "\"tokens\": -40", "tokens")]
    [InlineData("\"tokens\": 40", "\"tokens\": 4611686018427387904", "tokens")]
    [InlineData("\"7777777777", "\"777777777", "tokenizer_sha256")]
    [InlineData("\"vocab_size\"", "\"vocabsize\"", "vocab_size")]
    [InlineData("\"shards\"", "\"shard\"", "shards")]
    [InlineData("\"version\": 2", "\"version\": 2, \"version\": 2", "JSON")]
    [InlineData("{", "", "JSON")]
    [InlineData("\"cria-shards\"", "\"\\ud800\"", "JSON")]
    [InlineData("\"uint16\"", "\"\\ud800\"", "JSON")]
    [InlineData("\"7777777777", "\"\\ud800777777", "JSON")]
    [InlineData("\"file\": \"00000.bin\"", "\"file\": \"\\udc00\"", "JSON")]
    [InlineData("\"version\"", "\"\\ud800\": 1, \"version\"", "JSON")]
    [InlineData("\"cria-shards\"", "\"\u00ff\"", "JSON")]
    [InlineData("\"uint16\"", "\"\u00ff\"", "JSON")]
    public void A_changed_manifest_is_refused_with_the_value_s_name(string from, string to, string word)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(60), SampleShards.Options(tokensPerShard: 40));
        string path = folder["set/manifest.json"];
        string json = File.ReadAllText(path, Encoding.Latin1); // so that what is put in can be bytes that are not UTF-8
        int place = json.IndexOf(from, StringComparison.Ordinal);
        Assert.True(place >= 0, $"{from} is not in the manifest");
        File.WriteAllText(path, json[..place] + to + json[(place + from.Length)..], Encoding.Latin1);

        var e = Assert.Throws<DataException>(() => ShardSet.Open(folder["set"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(word, e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_manifest_is_no_shard_set()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no shard set", Assert.Throws<DataException>(() => ShardSet.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no shard set", Assert.Throws<DataException>(() => ShardSet.Open(folder["x"])).Message,
            StringComparison.Ordinal);
    }

    sealed class Heard : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
