using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;

namespace Cria.Data.Tests.Shards;

public sealed class FolderSafetyTests
{
    [Theory]
    [InlineData("mine.bin"), InlineData("0001.bin"), InlineData("00000.bin.gz"), InlineData("manifest.json.old"), InlineData("00001.bin/x")]
    public void What_no_run_wrote_is_never_cleared_away_with_an_unfinished_set(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("set.tmp/00000.bin", [1, 2]);
        string mine = folder.Write($"set.tmp/{name}", [1, 2]);
        var e = Assert.Throws<DataException>(() => new ShardWriter(folder["set"], SampleShards.Options()).Dispose());
        Assert.Contains(name.Split('/')[0], e.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(mine));
        Assert.True(File.Exists(folder["set.tmp/00000.bin"]));
        Assert.Equal(["set.tmp"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void An_export_clears_away_only_what_it_would_write_itself()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = ShardSet.Open(SampleShards.Write(folder["set"], SampleShards.Counting(3, 4)));
        folder.Write("out.tmp/train.bin", [1]);
        string mine = folder.Write("out.tmp/00000.bin", [1, 2]);
        Assert.Throws<DataException>(() => TokenFileExport.WriteFolder(TokenFileFormat.Bin, folder["out"], "x", set));
        Assert.True(File.Exists(mine));
        File.Delete(mine);
        TokenFileExport.WriteFolder(TokenFileFormat.Bin, folder["out"], "x", set);
        Assert.Equal(2 * (set.Tokens - 1), new FileInfo(folder["out/train.bin"]).Length);
    }

    [Fact]
    public void An_export_asked_to_stop_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using ShardSet set = ShardSet.Open(SampleShards.Write(folder["set"], SampleShards.Counting(3, 4)));
        var stop = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(
            () => TokenFileExport.WriteFolder(TokenFileFormat.LitPkds, folder["out"], "x", set, cancellation: stop));
        Assert.Throws<OperationCanceledException>(() => TokenFileExport.WriteFile(TokenFileFormat.Bin, folder["t.bin"], set, stop));
        Assert.Equal(["set"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void However_many_want_a_folder_only_one_has_it()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        int holders = 0, most = 0, had = 0;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (int round = 0; round < 5000; round++)
            {
                try
                {
                    using var held = new FolderLock(folder["set"]);
                    int now = Interlocked.Increment(ref holders);
                    InterlockedMax(ref most, now);
                    had++;
                    Interlocked.Decrement(ref holders);
                }
                catch (DataException)
                {
                    Thread.Yield(); // somebody else has it
                }
            }
        });
        Assert.Equal(1, most);
        Assert.True(had > 0);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    static void InterlockedMax(ref int place, int value)
    {
        for (int seen = place; value > seen && Interlocked.CompareExchange(ref place, value, seen) != seen; seen = place)
        {
        }
    }
}
