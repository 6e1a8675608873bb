using System.Diagnostics;
using System.Globalization;

namespace Cria.Cli.Tests;

public sealed class InterruptionTests
{
    const int SigInt = 2;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_ends_a_long_verb_with_130_and_leaves_nothing_half_written(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send");
        Assert.SkipWhen(signal == "INT" && IsIgnored(SigInt), "this test runs where SIGINT is ignored, and children inherit that");
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

    static bool IsIgnored(int signal)
    {
        string? mask = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        return mask is not null
            && (ulong.Parse(mask.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }
}
