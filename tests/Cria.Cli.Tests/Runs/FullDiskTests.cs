namespace Cria.Cli.Tests.Runs;

/// <summary>A run on a disk that fills up while it trains.</summary>
public sealed class FullDiskTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_full_disk_is_one_sentence_costs_no_checkpoint_and_the_run_goes_on_when_there_is_room()
    {
        using PrivateDisk disk = new("5m");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 30, every: 1));
        string inside = Path.Combine(disk.Inside, "run"), run = Path.Combine(disk.Path, "run");
        string[] arguments = ["train", recipe, "--out", inside, "--resume", "--threads", "1", "--set", "checkpoint.keep=1000"];
        (int code, string output, string error) = CriaProcess.RunAfter(disk.Entering, arguments);
        Refusal.Assert(1, code, output, error, "disk is full", inside);

        Assert.Empty(TinyRun.Temporary(run));
        Assert.False(Directory.Exists(Path.Combine(run, "model")));
        string[] checkpoints = TinyRun.WholeCheckpoints(run);
        Assert.InRange(checkpoints.Length, 2, 28);
        Assert.Contains($"The last saved step is {checkpoints[^1]["step-".Length..]}; when that is mended, continue with --resume --out {inside}.",
            error, StringComparison.Ordinal);

        disk.Remount("size=64m");
        (code, _, error) = CriaProcess.RunAfter(disk.Entering, arguments);
        Assert.True(code == 0, error);
        string whole = _folder["whole"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1", "--set", "checkpoint.every=0");
        TinyRun.AssertSame(whole, run);
    }

    [Fact]
    public void A_checkpoint_that_found_no_room_is_told_and_the_next_is_tried_when_there_is()
    {
        SlowTests.Only();
        const int Room = 1 << 17; // for lines of metrics, and for no checkpoint
        using PrivateDisk disk = new("8m");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 1500, every: 10));
        string run = Path.Combine(disk.Path, "run"), ballast = Path.Combine(disk.Path, "ballast");
        using (CriaProcess process = CriaProcess.StartAfter(
            disk.Entering, "train", recipe, "--out", Path.Combine(disk.Inside, "run"), "--threads", "1"))
        {
            process.Await(() => TinyRun.HasCheckpoint(run));
            Fill(ballast, Room);
            process.Await(() => File.Exists(ballast) && Told(run).Contains("\"save_failed\"", StringComparison.Ordinal));
            File.Delete(ballast);
            (int code, _, string error) = process.Finish();
            Assert.True(code == 0, error);
            Assert.Contains("tried again", error, StringComparison.Ordinal);
        }

        Assert.Empty(TinyRun.Temporary(run));
        Assert.Equal(["step-1490", "step-1500"], TinyRun.WholeCheckpoints(run));
        string whole = _folder["whole"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1", "--set", "checkpoint.every=0");
        TinyRun.AssertSame(whole, run);
    }

    static string Told(string run)
    {
        string path = Path.Combine(run, "metrics.jsonl");
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    static void Fill(string path, int room)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            for (byte[] piece = new byte[1 << 14]; ;)
                file.Write(piece);
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - room));
        }
    }
}
