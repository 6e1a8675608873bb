using System.Text;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Shards;

public sealed class ResumeTests
{
    static readonly string Hash = new('c', 64);

    [Fact]
    public void Asked_to_stop_it_writes_the_journal_and_goes_on_without_encoding_anything_twice()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        Assert.True(File.Exists(folder["set.journal"]));
        Assert.False(File.Exists(folder["set.lock"]));
        Assert.False(Directory.Exists(folder["set"]));

        var counter = new CountingTokenizer();
        PackReport report = new ShardPacker(counter, Hash, 1) { Storage = UnflushedDisk.Instance }.PackFiles(DocumentReader.Open(inputs), folder["set"]);
        Assert.Equal(10 - report.DocumentsBefore, counter.Encoded);
        Assert.InRange(report.DocumentsBefore, 1, 9);
        Assert.Equal(10, report.Read.Documents);
        Assert.Equal(report.Sets[0].TextBytes, report.Read.TextBytes);
        Packer().PackFiles(DocumentReader.Open(inputs), folder["whole"]);
        foreach (string name in (string[])["00000.bin", "00000.idx", "manifest.json"])
            Assert.Equal(File.ReadAllBytes(folder[$"whole/{name}"]), File.ReadAllBytes(folder[$"set/{name}"]));
        Assert.Equal(["in", "set", "whole"], Names(folder.Path));
    }

    [Fact]
    public void Complaints_of_the_part_that_is_not_read_again_are_remembered()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        File.AppendAllText(inputs[0], "no JSON\n");
        Stop(folder, inputs, after: 3);
        PackReport report = Packer().PackFiles(DocumentReader.Open(inputs), folder["set"]);
        Assert.Equal(1, report.Read.BadLines);
        Assert.Contains("0.jsonl:2 is not valid JSON", Assert.Single(report.Read.BadLineExamples), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_input_is_refused_with_what_changed()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        File.AppendAllText(inputs[7], "{\"text\": \"more\"}\n");
        AssertRefused(folder, inputs, "7.jsonl was 17 bytes");
    }

    [Fact]
    public void So_are_other_files_and_another_order()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        AssertRefused(folder, inputs[..9], "9.jsonl is no longer named");
        AssertRefused(folder, [.. inputs, folder.Write("in/x.jsonl", "{\"text\": \"x\"}"u8)], "x.jsonl is new");
        AssertRefused(folder, [.. inputs.Reverse()], "0.jsonl was named where now");
    }

    [Fact]
    public void So_are_another_tokenizer_and_another_way_of_reading()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        var e = Assert.Throws<DataException>(() => new ShardPacker(new ByteTokenizer(), new string('d', 64))
            .PackFiles(DocumentReader.Open(inputs), folder["set"]));
        Assert.Contains("the tokenizer was cccc", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<DataException>(() => new ShardPacker(new ByteTokenizer(), Hash, tokensPerShard: 9)
            .PackFiles(DocumentReader.Open(inputs), folder["set"]));
        Assert.Contains("the tokens in a file was 67108864 and is 9", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<DataException>(() => Packer()
            .PackFiles(DocumentReader.Open(inputs, new ReaderOptions { TextField = "body" }), folder["set"]));
        Assert.Contains("the way of reading was", e.Message, StringComparison.Ordinal);
        Packer().PackFiles(DocumentReader.Open(inputs), folder["set"]);
    }

    [Theory]
    [InlineData("", "no journal")]
    [InlineData("{", "no journal")]
    [InlineData("null", "no journal")]
    [InlineData("[1, 2]", "no journal")]
    [InlineData("{\"blocks\": 1}", "no journal")]
    public void A_journal_that_is_none_is_refused(string text, string word)
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        File.WriteAllText(folder["set.journal"], text);
        AssertRefused(folder, inputs, word);
    }

    [Theory]
    [InlineData("\"tokens\": ", "\"tokens\": 1")]
    [InlineData("\"tokens\": ", "\"tokens\": -")]
    [InlineData("\"documents\": ", "\"documents\": 9999999999999999")]
    [InlineData("\"blocks\": ", "\"blocks\": -")]
    [InlineData("\"sets\": [", "\"sets\": [null, ")]
    [InlineData("\"open\": {", "\"open\": null, \"x\": {")]
    public void A_journal_that_contradicts_itself_is_refused(string from, string to)
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        string json = File.ReadAllText(folder["set.journal"]);
        int sets = json.IndexOf("\"sets\"", StringComparison.Ordinal);
        int place = json.IndexOf(from, from == "\"blocks\": " ? 0 : sets, StringComparison.Ordinal);
        Assert.True(place >= 0, json);
        File.WriteAllText(folder["set.journal"], json[..place] + to + json[(place + from.Length)..]);
        AssertRefused(folder, inputs, "set.journal is no journal");
    }

    [Fact]
    public void Files_that_are_shorter_than_the_journal_says_are_refused()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        using (FileStream file = File.OpenWrite(folder["set.tmp/00000.bin"]))
            file.SetLength(4);
        AssertRefused(folder, inputs, "00000.bin cannot be continued: it has 4 bytes");
        Directory.Delete(folder["set.tmp"], recursive: true);
        AssertRefused(folder, inputs, "00000.bin cannot be continued");
    }

    [Fact]
    public void A_full_file_that_is_gone_or_cut_is_refused()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 5, tokensPerShard: 4);
        File.WriteAllBytes(folder["set.tmp/00000.bin"], new byte[7]);
        AssertRefused(folder, inputs, "00000.bin cannot be continued", tokensPerShard: 4);
        File.Delete(folder["set.tmp/00000.bin"]);
        AssertRefused(folder, inputs, "00000.bin cannot be continued", tokensPerShard: 4);
    }

    [Fact]
    public void Without_its_journal_an_unfinished_set_is_begun_anew()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Stop(folder, inputs, after: 3);
        File.Delete(folder["set.journal"]);
        Assert.Equal(0, Packer().PackFiles(DocumentReader.Open(inputs), folder["set"]).DocumentsBefore);
    }

    [Fact]
    public void A_finished_set_that_keeps_its_journal_is_found_and_one_that_does_not_is_never_written_over()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        ShardPacker keeping = new(new ByteTokenizer(), Hash) { KeepsJournal = true, Storage = UnflushedDisk.Instance };
        keeping.PackFiles(DocumentReader.Open(inputs), folder["set"]);
        Assert.Equal(10, keeping.PackFiles(DocumentReader.Open(inputs), folder["set"]).Sets[0].Documents);
        Packer().PackFiles(DocumentReader.Open(inputs), folder["set"]); // which forgets the way there
        AssertRefused(folder, inputs, "exists already");
    }

    [Fact]
    public void Adding_needs_a_set_of_the_same_tokenizer_and_version()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        DocumentReader reader = DocumentReader.Open(inputs);
        Assert.Contains("no shard set", Assert.Throws<DataException>(() => Packer().AppendFiles(reader, folder["set"])).Message,
            StringComparison.Ordinal);
        Packer().PackFiles(reader, folder["set"]);
        var other = new ShardPacker(new ByteTokenizer(), new string('d', 64));
        Assert.Contains("another tokenizer", Assert.Throws<DataException>(() => other.AppendFiles(reader, folder["set"])).Message,
            StringComparison.Ordinal);
        DocumentIndexTests.MakeFirstVersion(folder["set"]);
        Assert.Contains("version 1", Assert.Throws<DataException>(() => Packer().AppendFiles(reader, folder["set"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_was_changed_meanwhile_is_not_added_to()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = Inputs(folder);
        Packer().PackFiles(DocumentReader.Open(inputs), folder["set"]);
        Stop(folder, inputs, after: 3, append: true);
        string journal = folder["set.journal"];
        File.Move(journal, folder["kept"]);
        Packer().AppendFiles(DocumentReader.Open(inputs[..1]), folder["set"]);
        File.Move(folder["kept"], journal);
        var e = Assert.Throws<DataException>(() => Packer().AppendFiles(DocumentReader.Open(inputs), folder["set"]));
        Assert.Contains("the set that is added to was", e.Message, StringComparison.Ordinal);
    }

    static ShardPacker Packer(long tokensPerShard = 1 << 26) =>
        new(new ByteTokenizer(), Hash, tokensPerShard: tokensPerShard) { Storage = UnflushedDisk.Instance };

    static void AssertRefused(TemporaryFolder folder, string[] inputs, string word, long tokensPerShard = 1 << 26)
    {
        var e = Assert.Throws<DataException>(() => Packer(tokensPerShard).PackFiles(DocumentReader.Open(inputs), folder["set"]));
        Assert.Contains(word, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Packs until the tokenizer has met a number of documents, then asks to stop.</summary>
    static void Stop(TemporaryFolder folder, string[] inputs, int after, long tokensPerShard = 1 << 26, bool append = false)
    {
        using var cancellation = new CancellationTokenSource();
        var tokenizer = new CountingTokenizer { StopAfter = after, Cancellation = cancellation };
        var packer = new ShardPacker(tokenizer, Hash, threads: 1, tokensPerShard) { Storage = UnflushedDisk.Instance };
        DocumentReader reader = DocumentReader.Open(inputs);
        Assert.Throws<OperationCanceledException>(() => append
            ? packer.AppendFiles(reader, folder["set"], cancellation.Token)
            : packer.PackFiles(reader, folder["set"], cancellation.Token));
    }

    static string[] Inputs(TemporaryFolder folder) => [.. Enumerable.Range(0, 10)
        .Select(i => folder.Write($"in/{i}.jsonl", Encoding.UTF8.GetBytes($"{{\"text\": \"no {i}\"}}\n")))];

    static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    sealed class CountingTokenizer : ITokenizer
    {
        readonly ByteTokenizer _inner = new();

        public int Encoded { get; private set; }

        public int StopAfter { get; init; } = int.MaxValue;

        public CancellationTokenSource? Cancellation { get; init; }

        public int VocabSize => _inner.VocabSize;

        public int? EndOfText => _inner.EndOfText;

        public int MaxTokens(int utf8Bytes) => _inner.MaxTokens(utf8Bytes);

        public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText)
        {
            if (++Encoded == StopAfter)
                Cancellation!.Cancel();
            return _inner.Encode(utf8, ids, policy);
        }

        public ReadOnlySpan<byte> TokenBytes(int id) => _inner.TokenBytes(id);

        public bool IsSpecial(int id) => _inner.IsSpecial(id);
    }
}
