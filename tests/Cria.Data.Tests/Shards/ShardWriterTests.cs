using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

public sealed class ShardWriterTests
{
    [Fact]
    public void Without_complete_nothing_stands_under_the_final_name()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new ShardWriter(folder["set"], SampleShards.Options(tokensPerShard: 4)))
            writer.Add([1, 2, 3, 4, 5, 6], 6);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_a_killed_run_left_is_replaced()
    {
        using var folder = new TemporaryFolder();
        folder.Write("set.tmp/00000.bin", [1, 2, 3]);
        folder.Write("set.tmp/00009.bin", [1, 2, 3]);
        SampleShards.Write(folder["set"], SampleShards.Counting(3));
        Assert.Equal(["00000.bin", "00000.idx", "manifest.json"],
            Directory.GetFiles(folder["set"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_with_content_is_never_written_over()
    {
        using var folder = new TemporaryFolder();
        string kept = folder.Write("set/poem.txt", "mine"u8);
        var e = Assert.Throws<DataException>(() => new ShardWriter(folder["set"], SampleShards.Options()));
        Assert.Contains(folder["set"], e.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(kept));
    }

    [Fact]
    public void An_empty_folder_and_one_with_a_trailing_slash_are_filled()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["set"]);
        SampleShards.Write(folder["set"] + "/", SampleShards.Counting(3));
        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.Equal(5, set.Tokens);
    }

    [Theory]
    [InlineData(-1), InlineData(1000), InlineData(int.MaxValue), InlineData(SampleShards.EndOfText)]
    public void An_id_that_is_no_text_is_refused(int id)
    {
        using var folder = new TemporaryFolder();
        using var writer = new ShardWriter(folder["set"], SampleShards.Options());
        var e = Assert.Throws<DataException>(() => writer.Add([1, id, 2], 3));
        Assert.Contains($"the id {id}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_without_documents_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var writer = new ShardWriter(folder["set"], SampleShards.Options());
        Assert.Contains("no document", Assert.Throws<DataException>(writer.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_with_the_file_and_the_remedy()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        using var folder = new TemporaryFolder();
        using (var writer =
            new ShardWriter(folder["set"], SampleShards.Options(), new FullDisk()))
        {
            writer.Add([1, 2, 3], 3);
            var e = Assert.Throws<DataException>(writer.Complete);
            Assert.Contains("00000.bin", e.Message, StringComparison.Ordinal);
            Assert.Contains("the disk is full; free space", e.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "x"u8);
        var e = Assert.Throws<DataException>(() => new ShardWriter(folder["file/set"], SampleShards.Options()));
        Assert.Contains("file/set.lock could not be written", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_writer_into_the_same_folder_is_refused_until_the_first_has_ended()
    {
        using var folder = new TemporaryFolder();
        using (new ShardWriter(folder["set"], SampleShards.Options()))
        {
            var e = Assert.Throws<DataException>(() => new ShardWriter(folder["set"], SampleShards.Options()));
            Assert.Contains("is being written by another program", e.Message, StringComparison.Ordinal);
        }

        SampleShards.Write(folder["set"], SampleShards.Counting(3));
        Assert.False(File.Exists(folder["set.lock"]));
    }

    sealed class FullDisk : ShardStorage
    {
        public override Stream Open(string path, long length) => DurableFile.Create("/dev/full");
    }
}
