using System.Text;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;

namespace Cria.Data.Tests.Shards;

public sealed class TokenFileFoldersTests
{
    const int End = SampleShards.EndOfText;

    static readonly int[][] Texts = SampleShards.Counting(3, 7, 12);

    [Theory]
    [InlineData(1000), InlineData(70_000)]
    public void A_file_of_lit_gpt_s_usual_length_is_filled_up_and_the_filling_is_no_document(int vocabSize)
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder, vocabSize);
        TokenFileExport.WriteFolder(TokenFileFormat.LitPkds, folder["out"], "lit", set);
        int width = vocabSize > 1 << 16 ? 4 : 2;
        Assert.Equal(24 + TokenFileExport.LitPkdsTokens * width, new FileInfo(folder["out/lit_0000000000.bin"]).Length);
        using TokenFileSet files = TokenFileSet.Open(folder["out"], new() { VocabSize = vocabSize, EndOfText = End });
        Assert.Equal(Texts.Length, files.CountDocuments());
        Assert.Equal(SampleShards.Stream(Texts), Ids(files));
    }

    [Fact]
    public void Filling_in_the_midst_of_several_files_of_lit_gpt_is_no_document_either()
    {
        using var folder = new TemporaryFolder();
        folder.Write("t_0.bin", [.. new LitPackedFile().Header(5, 2), .. Narrow(5, 6, End, End, End)]);
        folder.Write("t_1.bin", [.. new LitPackedFile().Header(2, 2), .. Narrow(End, End)]);
        folder.Write("t_2.bin", [.. new LitPackedFile().Header(4, 2), .. Narrow(7, End, 8, 9)]);
        using TokenFileSet files = TokenFileSet.Open(folder["t_*.bin"], Options());
        Assert.Equal([End, 5, 6, End, End, 7, End, 8, 9, End], Ids(files));
    }

    [Fact]
    public void An_array_that_numpy_saved_is_read_without_its_header()
    {
        // numpy.save(f, numpy.array([5, 6, 0, 7], "<u2"))
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr': '<u2', 'fortran_order': False, 'shape': (4,), }"u8];
        byte[] start = [.. header, .. Enumerable.Repeat((byte)' ', 127 - header.Length), (byte)'\n'];
        Assert.Equal(start, new NpyFile().Header(4, 2));
        using var folder = new TemporaryFolder();
        folder.Write("edu/edufineweb_val_000000.npy", [.. start, .. Narrow(5, 6, End, 7)]);
        using TokenFileSet files = TokenFileSet.Open(folder["edu"], Options());
        Assert.Equal("npy", files.Format);
        Assert.Equal([End, 5, 6, End, 7, End], Ids(files));
    }

    [Fact]
    public void Wide_arrays_and_those_of_later_versions_are_read_as_well()
    {
        using var folder = new TemporaryFolder();
        folder.Write("wide.bin", [.. new NpyFile().Header(2, 4), 5, 0, 0, 0, 6, 0, 0, 0]);
        byte[] dictionary = "{'shape':(2,),'fortran_order':False,'descr':'<i4'}\n"u8.ToArray();
        folder.Write("second.npy", [0x93, .. "NUMPY"u8, 2, 0, (byte)dictionary.Length, 0, 0, 0, .. dictionary, 5, 0, 0, 0, 6, 0, 0, 0]);
        foreach (string name in (string[])["wide.bin", "second.npy"])
        {
            using TokenFileSet files = TokenFileSet.Open(folder[name], Options());
            Assert.Equal([End, 5, 6, End], Ids(files));
        }
    }

    [Theory]
    [InlineData("'<u2'", "'<i8'", "the type '<i8'")]
    [InlineData("'<u2'", "'>u2'", "the type '>u2'")]
    [InlineData("(4,)", "(2,2)", "no array of one dimension")]
    [InlineData("(4,)", "(5,)", "holds 5 tokens, which would take 138 bytes")]
    [InlineData("(4,)", "(99999999999999999999,)", "no array of one dimension")]
    [InlineData("False", "True", "in C's order")]
    [InlineData("NUMPY\u0001", "NUMPY\u0009", "version 9")]
    [InlineData("v\0", "v\u0010", "more than an array of ids has")]
    public void Any_other_array_is_refused(string from, string to, string words)
    {
        using var folder = new TemporaryFolder();
        string header = Encoding.Latin1.GetString(new NpyFile().Header(4, 2));
        folder.Write("t.npy", [.. Encoding.Latin1.GetBytes(header.Replace(from, to, StringComparison.Ordinal)), .. Narrow(5, 6, 7, 8)]);
        var e = Assert.Throws<DataException>(() => TokenFileSet.Open(folder["t.npy"], Options()).Dispose());
        Assert.Contains("t.npy", e.Message, StringComparison.Ordinal);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_cut_inside_its_header_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] header = new NpyFile().Header(4, 2);
        foreach (int length in (int[])[6, 7, 9, 11, 50, 127])
        {
            folder.Write("t.npy", header.AsSpan(0, length));
            Assert.Throws<DataException>(() => TokenFileSet.Open(folder["t.npy"], Options()).Dispose());
        }
    }

    [Theory]
    [InlineData("medieval_train.bin", "medieval_val.bin", true)]
    [InlineData("train.bin", "val.bin", true)]
    [InlineData("edu_val_000000.bin", "edu_train_000001.bin", true)]
    [InlineData("owt-train-0.bin", "owt-validation-0.bin", true)]
    [InlineData("medieval_0.bin", "medieval_1.bin", false)]
    [InlineData("retrained_val.bin", "retrained_val_1.bin", false)]
    public void Training_and_validation_are_told_apart_by_a_part_of_the_name(string first, string second, bool areBoth)
    {
        using var folder = new TemporaryFolder();
        folder.Write($"t/{first}", Narrow(5));
        folder.Write($"t/{second}", Narrow(6));
        if (areBoth)
            Assert.Contains("holds training and validation", Refusal(Open), StringComparison.Ordinal);
        else
            Open();
        void Open() => TokenFileSet.Open(folder["t"], Options()).Dispose();
    }

    [Fact]
    public void FineWeb_s_shards_without_one_to_train_on_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = Shards(folder);
        string message = Refusal(() => TokenFileExport.WriteFolder(TokenFileFormat.FineWeb, folder["out"], "edu", set));
        Assert.Contains($"{set.Tokens - 1} tokens", message, StringComparison.Ordinal);
        Assert.Contains("--shard-tokens", message, StringComparison.Ordinal);
        Assert.Equal(["set"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal(["edu_val_000000.bin", "edu_train_000001.bin"],
            TokenFileExport.WriteFolder(TokenFileFormat.FineWeb, folder["out"], "edu", set, set));
    }

    static string Refusal(Action action) => Assert.Throws<DataException>(action).Message;

    static ShardSet Shards(TemporaryFolder folder, int vocabSize = 1000) =>
        ShardSet.Open(SampleShards.Write(folder["set"], Texts, SampleShards.Options(vocabSize)));

    static TokenFileOptions Options() => new() { VocabSize = 1000, EndOfText = End };

    static byte[] Narrow(params int[] ids)
    {
        var bytes = new byte[2 * ids.Length];
        TokenBytes.Write(ids, bytes);
        return bytes;
    }

    static int[] Ids(TokenFileSet files)
    {
        var ids = new int[files.Tokens];
        files.Read(0, ids);
        return ids;
    }
}
