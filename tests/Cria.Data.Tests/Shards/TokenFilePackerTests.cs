using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Shards.Packing;

namespace Cria.Data.Tests.Shards;

public sealed class TokenFilePackerTests
{
    static readonly string Hash = new('c', 64);
    static readonly CorpusSplit Half = new() { ValidationFraction = 0.5, Seed = 1 };

    [Theory]
    [InlineData("corpus.parts/a.jsonl"), InlineData("corpus.parts/train/a.jsonl"), InlineData("corpus.parts/train.tmp/deep/a.jsonl")]
    [InlineData("corpus.parts/validation/a.jsonl"), InlineData("corpus.parts")]
    public void A_corpus_that_lies_where_the_packing_works_is_refused_and_stays(string input)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(input, "{\"text\": \"one\"}\n"u8);
        foreach (CorpusSplit? split in (CorpusSplit?[])[null, Half])
        {
            var e = Assert.Throws<DataException>(() => Packer().PackFiles(DocumentReader.Open([Input(folder)]), split, folder["corpus"]));
            Assert.Contains("is not of it", e.Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(path));
        Assert.Equal(["corpus.parts", "in.jsonl"], Names(folder));
    }

    [Fact]
    public void A_set_of_somebody_s_own_there_stays_too()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["out.parts/train"], SampleShards.Counting(3));
        Assert.Throws<DataException>(() => Packer().PackFiles(DocumentReader.Open([Input(folder)]), null, folder["out"]));
        ShardSet.Open(folder["out.parts/train"]).Dispose();
    }

    [Fact]
    public void A_link_to_shards_elsewhere_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["mine"], SampleShards.Counting(3));
        Directory.CreateDirectory(folder["out.parts"]);
        Directory.CreateSymbolicLink(folder["out.parts/validation.tmp"], folder["mine"]);
        Assert.Throws<DataException>(() => Packer().PackFiles(DocumentReader.Open([Input(folder)]), Half, folder["out"]));
        ShardSet.Open(folder["mine"]).Dispose();
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Killed_anywhere_while_it_clears_up_it_says_that_all_is_done_and_clears_up(bool isSplit)
    {
        using var folder = new TemporaryFolder();
        CorpusSplit? split = isSplit ? Half : null;
        DocumentReader reader = DocumentReader.Open([Input(folder)]);
        PackReport whole = Pack(folder, "whole", split);
        // What lies there between the rename of OUT and the end, file by file fewer.
        for (int removed = 0; ; removed++)
        {
            using var again = new TemporaryFolder();
            ShardPacker shards = new(new ByteTokenizer(), Hash) { KeepsJournal = true, Storage = UnflushedDisk.Instance };
            if (split is null)
                shards.PackFiles(reader, again["whole.parts/train"], TestContext.Current.CancellationToken);
            else
                shards.PackFiles(reader, split, again["whole.parts/train"], again["whole.parts/validation"],
                    TestContext.Current.CancellationToken);
            Directory.CreateDirectory(again["whole"]);
            foreach (string file in Directory.GetFiles(folder["whole"]))
                File.Copy(file, again[$"whole/{Path.GetFileName(file)}"]);
            string[] left = [.. Directory.GetFiles(again["whole.parts"], "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).OrderBy(file => file.EndsWith(".journal", StringComparison.Ordinal))];
            if (removed == left.Length)
                break;
            foreach (string file in left[..removed])
                File.Delete(file);

            PackReport report = Packer().PackFiles(reader, split, again["whole"]);
            Assert.Equal(whole.Sets.Select(set => set.Tokens), report.Sets.Select(set => set.Tokens));
            Assert.Equal(whole.Read.Documents, report.Read.Documents);
            Assert.Equal(["whole"], Names(again));
        }
    }

    [Fact]
    public void Another_folder_under_the_name_is_not_taken_for_the_end_of_the_packing()
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([Input(folder)]);
        new ShardPacker(new ByteTokenizer(), Hash) { KeepsJournal = true }
            .PackFiles(reader, folder["out.parts/train"], TestContext.Current.CancellationToken);
        folder.Write("out/train.bin", [1, 2]);
        var e = Assert.Throws<DataException>(() => Packer().PackFiles(reader, null, folder["out"]));
        Assert.Contains("exists already", e.Message, StringComparison.Ordinal);
        ShardSet.Open(folder["out.parts/train"]).Dispose();
        Directory.Delete(folder["out"], recursive: true);
        Assert.Equal(20, Packer().PackFiles(reader, null, folder["out"]).DocumentsBefore);
    }

    [Fact]
    public void A_split_that_leaves_validation_empty_keeps_what_is_packed_and_training_alone_can_be_had()
    {
        using var folder = new TemporaryFolder();
        CorpusSplit tiny = new() { ValidationFraction = 1e-9, Seed = 1 };
        var e = Assert.Throws<DataException>(() => Pack(folder, "out", tiny));
        Assert.Contains("without a validation fraction", e.Message, StringComparison.Ordinal);
        Assert.Equal(e.Message, Assert.Throws<DataException>(() => Pack(folder, "out", tiny)).Message);
        Assert.Contains("the split was", Assert.Throws<DataException>(() => Pack(folder, "out", Half)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(PackJournal.PathOf(folder["out.parts/train"])));
        Assert.Equal(20, Pack(folder, "out", null).DocumentsBefore);
        Pack(folder, "plain", null);
        Assert.Equal(File.ReadAllBytes(folder["plain/train.bin"]), File.ReadAllBytes(folder["out/train.bin"]));
        Assert.Equal(["in.jsonl", "out", "plain"], Names(folder));
    }

    [Fact]
    public void Too_few_tokens_for_FineWeb_lose_nothing_and_go_on_with_shorter_files()
    {
        using var folder = new TemporaryFolder();
        DocumentReader reader = DocumentReader.Open([Input(folder)]);
        TokenFilePacker Web(long? tokens) => new(TokenFileFormat.FineWeb, new ByteTokenizer(), Hash, tokensPerFile: tokens);
        Assert.Contains("--shard-tokens", Assert.Throws<DataException>(() => Web(null).PackFiles(reader, null, folder["edu"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(20, Web(100).PackFiles(reader, null, folder["edu"]).DocumentsBefore);
        Assert.True(File.Exists(folder["edu/edu_train_000001.bin"]));
    }

    static TokenFilePacker Packer() => new(TokenFileFormat.Bin, new ByteTokenizer(), Hash);

    static PackReport Pack(TemporaryFolder folder, string name, CorpusSplit? split) =>
        Packer().PackFiles(DocumentReader.Open([Input(folder)]), split, folder[name]);

    static string Input(TemporaryFolder folder)
    {
        string path = folder["in.jsonl"];
        return File.Exists(path) ? path : folder.Write("in.jsonl", Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 20).Select(i => $"{{\"text\": \"document {i}\"}}\n"))));
    }

    static string[] Names(TemporaryFolder folder) =>
        [.. Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
