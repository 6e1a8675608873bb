namespace Cria.Cli.Tests.Runs;

/// <summary>A second signal while the first is being answered, and one that nobody is to answer.</summary>
public sealed class SignalTests : IDisposable
{
    const int Steps = 40;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_Ctrl_C_while_the_first_one_saves_ends_it_at_once_and_leaves_a_whole_checkpoint()
    {
        SlowTests.Only();
        // Large enough that a checkpoint takes a while.
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: Steps, every: 12)
            .Replace("hidden_size: 32", "hidden_size: 256", StringComparison.Ordinal)
            .Replace("intermediate_size: 48", "intermediate_size: 512", StringComparison.Ordinal));
        string run = _folder["run"];
        foreach (int delay in (int[])[0, 5, 20])
        {
            using CriaProcess process = CriaProcess.Start("train", recipe, "--out", run, "--resume", "--threads", "1");
            int least = int.MaxValue; // a resumed run cuts its metrics first
            process.Await(() =>
            {
                int lines = TinyRun.Lines(run);
                least = Math.Min(least, lines);
                return TinyRun.HasCheckpoint(run) && lines > least + 1;
            });
            process.Signal(Interruption.Interrupt);
            while (!process.HasEnded && !TinyRun.IsWriting(run))
                Thread.Sleep(0);
            Thread.Sleep(delay);
            process.SignalAgain(Interruption.Interrupt);
            (int code, string output, string error) = process.Finish();
            Assert.True(code == 130, $"{code}: {error}");
            Assert.Empty(output);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.NotEmpty(TinyRun.WholeCheckpoints(run));
            foreach (string left in TinyRun.Temporary(run)) // or the next would be taken for writing
                Directory.Delete(left, recursive: true);
        }

        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "1", "--brief");
        Assert.Empty(TinyRun.Temporary(run));
        CriaProcess.Succeed("train", recipe, "--out", _folder["whole"], "--threads", "1", "--brief", "--set", "checkpoint.every=0");
        TinyRun.AssertSame(_folder["whole"], run);
    }

    [Fact]
    public void Under_nohup_a_closed_terminal_is_not_heard_and_a_signal_to_end_is()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nohup"), "there is no nohup");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 100_000, every: 0)), run = _folder["run"];
        using CriaProcess process = CriaProcess.StartAfter(["nohup"], "train", recipe, "--out", run, "--threads", "1");
        process.Await(() => TinyRun.Lines(run) > 5);
        process.Signal(Interruption.HangUp);
        int lines = TinyRun.Lines(run);
        process.Await(() => TinyRun.Lines(run) > lines + 20);
        process.Signal(Interruption.Terminate);
        (int code, _, string error) = process.Finish();
        Assert.Equal(130, code);
        Assert.Equal(1, error.Split("interrupted").Length - 1);
        Assert.Single(TinyRun.WholeCheckpoints(run));
    }
}
