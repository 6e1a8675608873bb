using System.Buffers.Binary;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;

namespace Cria.Data.Tests.Shards;

public sealed class TokenFileTests
{
    const int End = SampleShards.EndOfText;

    static readonly int[][] Texts = SampleShards.Counting(3, 0, 12, 25, 1, 4);

    [Theory]
    [InlineData(TokenFileFormat.Bin, 1000), InlineData(TokenFileFormat.Bin, 70_000)]
    [InlineData(TokenFileFormat.Llmc, 1000), InlineData(TokenFileFormat.Llmc, 70_000)]
    [InlineData(TokenFileFormat.LitPkds, 1000), InlineData(TokenFileFormat.LitPkds, 70_000)]
    public void What_is_written_for_another_program_is_read_as_the_same_documents(TokenFileFormat format, int vocabSize)
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder, vocabSize);
        TokenFileExport.WriteFolder(format, folder["out"], "tokens", set, null, 51); // of 51 tokens, the last closing
        using TokenFileSet files = TokenFileSet.Open(folder["out"], Options(vocabSize));
        Assert.Equal(SampleShards.Stream(Texts), Ids(files));
        Assert.Equal(Texts.Length, files.CountDocuments());
        Assert.Equal(Texts.Length, new DocumentChunks(files, 1000).Count());
    }

    [Fact]
    public void NanoGpt_s_file_is_nothing_but_ids_with_the_end_of_text_behind_every_document()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder);
        Assert.Equal(["train.bin", "val.bin"], TokenFileExport.WriteFolder(TokenFileFormat.Bin, folder["out"], "x", set, set));
        int[] expected = [.. Texts.SelectMany(document => document.Append(End))];
        Assert.Equal(expected, Narrow(File.ReadAllBytes(folder["out/train.bin"])));
        TokenFileExport.WriteFile(TokenFileFormat.Bin, folder["one.bin"], set);
        Assert.Equal(File.ReadAllBytes(folder["out/train.bin"]), File.ReadAllBytes(folder["one.bin"]));
        var e = Assert.Throws<DataException>(() => TokenFileSet.Open(folder["out"], Options()));
        Assert.Contains("holds training and validation", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FineWeb_s_shards_are_full_the_first_is_for_validation_and_documents_run_across()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder);
        Assert.Equal(["edu_val_000000.bin", "edu_train_000001.bin", "edu_train_000002.bin"],
            TokenFileExport.WriteFolder(TokenFileFormat.FineWeb, folder["out"], "edu", set, null, 20));
        int[] stream = [.. Texts.SelectMany(document => document.Prepend(End))];
        foreach ((string name, Range part) in new[] { ("val_000000", 0..20), ("train_000001", 20..40), ("train_000002", 40..51) })
        {
            byte[] bytes = File.ReadAllBytes(folder[$"out/edu_{name}.bin"]);
            int[] header = [.. Enumerable.Range(0, 256).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * i)))];
            Assert.Equal([20240520, 1, stream[part].Length, .. new int[253]], header);
            Assert.Equal(stream[part], Narrow(bytes[1024..]));
        }

        using TokenFileSet training = TokenFileSet.Open(folder["out/edu_train_*.bin"], Options());
        Assert.Equal([End, .. stream[20..], End], Ids(training));
    }

    [Fact]
    public void Lit_gpt_s_last_file_is_filled_with_the_end_of_text()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder);
        TokenFileExport.WriteFolder(TokenFileFormat.LitPkds, folder["out"], "lit", set, null, 30);
        byte[] last = File.ReadAllBytes(folder["out/lit_0000000001.bin"]);
        Assert.Equal("LITPKDS"u8.ToArray(), last[..7]);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 8, 30, 0, 0, 0, 0, 0, 0, 0], last[7..24]);
        Assert.Equal([.. SampleShards.Stream(Texts)[30..], .. new int[8]], Narrow(last[24..]));
    }

    [Fact]
    public void Any_stretch_reads_the_same_as_from_shards()
    {
        using var folder = new TemporaryFolder();
        int[] ids = [5, 6, End, 7, 8, 9];
        Write(folder["t.bin"], ids);
        using TokenFileSet files = TokenFileSet.Open(folder["t.bin"], Options());
        int[] stream = [End, .. ids, End];
        for (int start = 0; start <= stream.Length; start++)
        {
            for (int end = start; end <= stream.Length; end++)
            {
                var found = new int[end - start];
                files.Read(start, found);
                Assert.Equal(stream[start..end], found);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => files.Read(stream.Length, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => files.Read(-1, new int[1]));
    }

    [Fact]
    public void The_fingerprint_follows_names_lengths_and_content_and_not_the_place()
    {
        using var folder = new TemporaryFolder();
        int[] ids = [.. Enumerable.Range(1, 500)];
        string first = Write(folder["a/t.bin"], ids), copy = Write(folder["b/t.bin"], ids), renamed = Write(folder["b/u.bin"], ids);
        ids[250]++;
        string changed = Write(folder["c/t.bin"], ids);
        Assert.Equal(64, first.Length);
        Assert.Equal(first, copy);
        Assert.Equal(4 - 1, new HashSet<string> { first, copy, renamed, changed }.Count);
    }

    [Fact]
    public void Foreign_files_become_shards_with_every_byte_of_text_counted()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = new ByteTokenizer();
        new ShardPacker(tokenizer, new string('c', 64)).Pack(
            [new Document("one", "f", 1), new Document("café", "f", 2)], folder["set"]);
        using ShardSet set = ShardSet.Open(folder["set"]);
        TokenFileExport.WriteFile(TokenFileFormat.Llmc, folder["t.bin"], set);
        var options = new TokenFileOptions { VocabSize = 257, EndOfText = 256 };
        using TokenFileSet files = TokenFileSet.Open(folder["t.bin"], options);
        TokenFileImport.ToShards(files, tokenizer, new string('c', 64), folder["back"], 1 << 26);
        foreach (string name in (string[])["00000.bin", "00000.idx", "manifest.json"])
            Assert.Equal(File.ReadAllBytes(folder[$"set/{name}"]), File.ReadAllBytes(folder[$"back/{name}"]));
    }

    [Theory]
    [InlineData(0, 20240521, "of the vocabulary|holds the id")] // another magic: headerless ids
    [InlineData(1, 2, "version 2")]
    [InlineData(1, 7, "version 7")]
    [InlineData(2, 7, "holds 7 tokens, which would take 1038")]
    [InlineData(2, 5, "holds 5 tokens, which would take 1034")]
    [InlineData(2, -1, "holds -1 tokens")]
    [InlineData(2, int.MaxValue, "holds 2147483647 tokens")]
    public void A_lying_header_of_llm_c_is_refused(int field, int value, string word)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. new LlmcFile().Header(6, 2), 5, 0, 6, 0, 7, 0, 8, 0, 9, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * field), value);
        AssertRefused(folder, bytes, word);
    }

    [Theory]
    [InlineData(7, 2, "version 2")]
    [InlineData(15, 6, "numbers of type 6")]
    [InlineData(15, 4, "which would take 36 bytes")]
    [InlineData(16, 4, "holds 4 tokens")]
    [InlineData(23, 255, "tokens, which would take")]
    public void A_lying_header_of_lit_gpt_is_refused(int place, byte value, string word)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. new LitPackedFile().Header(3, 2), 5, 0, 6, 0, 7, 0];
        bytes[place] = value;
        AssertRefused(folder, bytes, word);
    }

    [Theory]
    [InlineData(new byte[] { 5, 0, 6 }, "no whole ids of 2 bytes")]
    [InlineData(new byte[] { }, "no token")]
    [InlineData(new byte[] { 232, 3 }, "holds the id 1000")]
    [InlineData(new byte[] { (byte)'L', (byte)'I', (byte)'T', (byte)'P', (byte)'K', (byte)'D', (byte)'S' }, "the header alone")]
    [InlineData(new byte[] { 0x88, 0xD8, 0x34, 0x01 }, "the header alone")]
    public void What_is_no_token_file_is_refused(byte[] bytes, string word)
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder, bytes, word);
    }

    [Fact]
    public void An_id_beyond_the_vocabulary_never_leaves()
    {
        using var folder = new TemporaryFolder();
        Write(folder["t.bin"], [5, 6, 999, 7]);
        using TokenFileSet files = TokenFileSet.Open(folder["t.bin"], Options(vocabSize: 999));
        Assert.Contains("holds the id 999", Assert.Throws<DataException>(() => Ids(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_over_and_nothing_half_written_stays()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder);
        folder.Write("out/mine", "x"u8);
        folder.Write("t.bin", "x"u8);
        Assert.Throws<DataException>(() => TokenFileExport.WriteFolder(TokenFileFormat.Bin, folder["out"], "x", set));
        Assert.Throws<DataException>(() => TokenFileExport.WriteFile(TokenFileFormat.Bin, folder["t.bin"], set));
        Assert.Throws<DataException>(() => TokenFileExport.WriteFile(TokenFileFormat.FineWeb, folder["u.bin"], set));
        Assert.Equal(["out", "set", "t.bin"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    static ShardSet Shards(TemporaryFolder folder, int vocabSize = 1000) =>
        ShardSet.Open(SampleShards.Write(folder["set"], Texts, SampleShards.Options(vocabSize)));

    static TokenFileOptions Options(int vocabSize = 1000) => new() { VocabSize = vocabSize, EndOfText = End };

    static int[] Ids(TokenFileSet files)
    {
        var ids = new int[files.Tokens];
        files.Read(0, ids);
        return ids;
    }

    static int[] Narrow(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / 2).Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)))];

    static string Write(string path, int[] ids)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new byte[2 * ids.Length];
        TokenBytes.Write(ids, bytes);
        File.WriteAllBytes(path, bytes);
        using TokenFileSet files = TokenFileSet.Open(path, Options());
        return files.ManifestHash;
    }

    static void AssertRefused(TemporaryFolder folder, byte[] bytes, string words)
    {
        File.WriteAllBytes(folder["t.bin"], bytes);
        var e = Assert.Throws<DataException>(() =>
        {
            using TokenFileSet files = TokenFileSet.Open(folder["t.bin"], Options());
            Ids(files);
        });
        Assert.Contains(words.Split('|'), word => e.Message.Contains(word, StringComparison.Ordinal));
        Assert.Contains("t.bin", e.Message, StringComparison.Ordinal);
    }
}
