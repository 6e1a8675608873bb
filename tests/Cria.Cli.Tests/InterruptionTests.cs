using System.Diagnostics;

namespace Cria.Cli.Tests;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData(Interruption.Interrupt)]
    [InlineData(Interruption.Terminate)]
    [InlineData(Interruption.HangUp)]
    public void A_signal_ends_a_long_verb_with_130_and_leaves_nothing_half_written(Interruption signal)
    {
        using TemporaryFolder folder = new();
        using CriaProcess process = CriaProcess.Start("data", "synth", "--stories", "1e9", "--out", folder["stories.txt"]);
        Stopwatch patience = Stopwatch.StartNew();
        while (!File.Exists(folder["stories.txt.tmp"]) && patience.Elapsed < TimeSpan.FromSeconds(30))
            Thread.Sleep(20);

        process.Signal(signal);
        (int code, string output, string error) = process.Finish();
        Assert.Equal(130, code);
        Assert.Empty(output);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }
}
