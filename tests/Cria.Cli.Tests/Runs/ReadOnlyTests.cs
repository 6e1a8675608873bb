namespace Cria.Cli.Tests.Runs;

/// <summary>Folders that may not be written, before a run and while it trains.</summary>
public sealed class ReadOnlyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly List<string> _forbidden = [];

    public void Dispose()
    {
        foreach (string folder in _forbidden)
            OrdinaryUser.Allow(folder);
        _folder.Dispose();
    }

    [Fact]
    public void Checkpoints_that_may_not_be_written_any_more_are_told_and_the_last_good_one_goes_on_when_they_may()
    {
        SlowTests.Only();
        OrdinaryUser.Need();
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 300, every: 100)), run = _folder["run"];
        string checkpoints = Path.Combine(run, "checkpoints");
        using (CriaProcess process = CriaProcess.StartAfter(OrdinaryUser.Before, "train", recipe, "--out", run, "--threads", "1"))
        {
            process.Await(() => TinyRun.HasCheckpoint(run));
            Forbid(checkpoints);
            (int code, string output, string error) = process.Finish();
            Refusal.Assert(1, code, output, error, Path.Combine(checkpoints, "step-300"), "denied", "choose a folder that can be written");
            Assert.Contains("it is tried again when the next is due", error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(run, "model")));
            Assert.NotEmpty(TinyRun.WholeCheckpoints(run));
        }

        OrdinaryUser.Allow(checkpoints);
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "2");
        Assert.Empty(TinyRun.Temporary(run));
        string whole = _folder["whole"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1", "--set", "checkpoint.every=0");
        TinyRun.AssertSame(whole, run);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_refused_before_anything_is_made()
    {
        OrdinaryUser.Need();
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string parent = _folder["parent"], run = Path.Combine(parent, "run");
        Directory.CreateDirectory(run);
        Forbid(run);
        Forbid(parent);
        foreach (string path in (string[])[run, Path.Combine(parent, "other")])
        {
            (int code, string output, string error) = CriaProcess.RunAfter(OrdinaryUser.Before, "train", recipe, "--out", path, "--resume");
            Refusal.Assert(1, code, output, error, path, "denied");
        }

        Assert.Equal([run], Directory.EnumerateFileSystemEntries(parent, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_disk_that_is_mounted_read_only_is_called_that_and_not_another_run()
    {
        using PrivateDisk disk = new("16m");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string[] arguments = ["train", recipe, "--threads", "1", "--resume", "--out"];
        string run = Path.Combine(disk.Inside, "run");
        (int code, string output, string error) = CriaProcess.RunAfter(disk.Entering, [.. arguments, run]);
        Assert.True(code == 0, error);
        string[] before = Names(disk.Path);
        disk.Remount("ro");
        foreach (string path in (string[])[run, Path.Combine(disk.Inside, "other")])
        {
            (code, output, error) = CriaProcess.RunAfter(disk.Entering, [.. arguments, path]);
            Refusal.Assert(1, code, output, error, path, "Read-only file system");
            Assert.DoesNotContain("in use", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Names(disk.Path));
    }

    void Forbid(string folder)
    {
        OrdinaryUser.Forbid(folder);
        _forbidden.Add(folder);
    }

    static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
