using System.Diagnostics;
using System.Globalization;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Tests.Runs;

/// <summary>A run on a disk that fills up while it trains.</summary>
public sealed class FullDiskTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _disk = Directory.CreateTempSubdirectory("cria-disk-").FullName;
    bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "-l", _disk);
        Directory.Delete(_disk);
        _folder.Dispose();
    }

    [Fact]
    public void A_full_disk_is_one_sentence_costs_no_checkpoint_and_the_run_goes_on_when_there_is_room()
    {
        _isMounted = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()
            && Run("mount", "-t", "tmpfs", "-o", "size=5m", "cria", _disk) == 0;
        Assert.SkipUnless(_isMounted, "a small disk can be mounted only by root on Linux");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 30, every: 1)), run = Path.Combine(_disk, "run");
        string[] arguments = ["train", recipe, "--out", run, "--resume", "--threads", "1", "--set", "checkpoint.keep=1000"];
        (int code, string output, string error) = CriaProcess.Run(arguments);
        Refusal.Assert(1, code, output, error, "disk is full", run);

        Assert.Empty(TinyRun.Temporary(run));
        Assert.False(Directory.Exists(Path.Combine(run, "model")));
        string[] checkpoints = Directory.GetDirectories(Path.Combine(run, "checkpoints"));
        Assert.InRange(checkpoints.Length, 2, 28);
        Assert.All(checkpoints, checkpoint => Assert.Null(DurableFolder.Damage(checkpoint)));
        int last = checkpoints.Max(checkpoint => int.Parse(Path.GetFileName(checkpoint)["step-".Length..], CultureInfo.InvariantCulture));
        Assert.Contains($"The last saved step is {last}; when that is mended, continue with --resume --out {run}.", error, StringComparison.Ordinal);

        Assert.Equal(0, Run("mount", "-o", "remount,size=64m", _disk));
        CriaProcess.Succeed(arguments);
        string whole = _folder["whole"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1");
        TinyRun.AssertSame(whole, run);
    }

    static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
