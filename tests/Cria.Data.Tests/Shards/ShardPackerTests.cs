using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

public sealed class ShardPackerTests
{
    static readonly string Hash = new('c', 64);

    [Fact]
    public void Shards_hold_every_document_between_ends_of_text()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["one", "caf\u00e9", "<|endoftext|> inside", "x"];
        ShardManifest manifest = new ShardPacker(new ByteTokenizer(), Hash)
            .Pack(texts.Select((t, i) => new Document(t, "f", i)), folder["set"]);
        using ShardSet set = ShardSet.Open(folder["set"]);
        var ids = new int[set.Tokens];
        set.Read(0, ids);
        int[] expected = [.. texts.SelectMany(t => Encoding.UTF8.GetBytes(t).Select(b => (int)b).Prepend(256)), 256];
        Assert.Equal(expected, ids);
        Assert.Equal((4, 29, 257), (manifest.Documents, manifest.TextBytes, manifest.VocabSize));
        Assert.Equal(Hash, set.Manifest.TokenizerSha256);
    }

    [Fact]
    public void Threads_change_no_byte()
    {
        using var folder = new TemporaryFolder();
        Document[] documents = [.. Enumerable.Range(0, 3000)
            .Select(i => new Document(new string((char)('a' + i % 26), (i * 37) % 1000), "f", i))];
        foreach (int threads in new[] { 1, 2, 5 })
            new ShardPacker(new ByteTokenizer(), Hash, threads, tokensPerShard: 500_000) { Storage = UnflushedDisk.Instance }
                .Pack(documents, folder[$"{threads}"]);
        string[] names = [.. Directory.GetFiles(folder["1"]).Select(path => Path.GetFileName(path)!)];
        Assert.Equal(4 + 4 + 1, names.Length);
        foreach (string name in names)
        {
            byte[] one = File.ReadAllBytes(folder[$"1/{name}"]);
            Assert.True(one.AsSpan().SequenceEqual(File.ReadAllBytes(folder[$"2/{name}"])), name);
            Assert.True(one.AsSpan().SequenceEqual(File.ReadAllBytes(folder[$"5/{name}"])), name);
        }
    }

    [Fact]
    public void The_way_from_files_to_two_sets_keeps_every_document_on_its_side()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.txt", Encoding.UTF8.GetBytes(
            string.Join("\n<|endoftext|>\n", Enumerable.Range(0, 400).Select(i => $"story  {i % 390}"))));
        var cleaner = new CorpusCleaner(CleaningRecipe.Basic, new CorpusSplit { ValidationFraction = 0.1 });
        (ShardManifest training, ShardManifest validation) = new ShardPacker(new ByteTokenizer(), Hash)
            .Pack(cleaner.Clean(DocumentReader.Open([input])), folder["train"], folder["valid"]);
        Assert.Equal(390, training.Documents + validation.Documents);
        Assert.Equal(cleaner.Report.Validation.Documents, validation.Documents);
        Assert.Equal(cleaner.Report.Validation.Bytes, validation.TextBytes);
        Assert.Equal(cleaner.Report.After.Bytes, training.TextBytes + validation.TextBytes);
        foreach (string name in new[] { "train", "valid" })
        {
            using ShardSet set = ShardSet.Open(folder[name]);
            set.Verify();
            Assert.Equal(set.Tokens - 1, new DocumentChunks(set, 64).Sum(chunk => chunk.Length));
        }
    }

    [Fact]
    public void An_empty_side_is_refused_before_anything_has_a_name()
    {
        using var folder = new TemporaryFolder();
        var cleaner = new CorpusCleaner(CleaningRecipe.Basic);
        var e = Assert.Throws<DataException>(() => new ShardPacker(new ByteTokenizer(), Hash)
            .Pack(cleaner.Clean([new Document("text", "f", 1)]), folder["train"], folder["valid"]));
        Assert.Contains("valid 0; both need at least one", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_tokenizer_without_an_end_of_text_is_refused() =>
        Assert.Throws<DataException>(() => new ShardPacker(new ByteTokenizer(hasEndOfText: false), Hash));
}
