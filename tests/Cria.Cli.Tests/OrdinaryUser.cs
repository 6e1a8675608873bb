using System.Diagnostics;

namespace Cria.Cli.Tests;

/// <summary>
/// Programs for which a folder's rights hold. Root may write wherever it likes; without one of its capabilities it is refused as
/// anybody else is. Tests that need this skip, with the reason, where it cannot be had.
/// </summary>
static class OrdinaryUser
{
    const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute, Writable = ReadOnly | UnixFileMode.UserWrite;

    /// <summary>What to write before a program's name.</summary>
    public static string[] Before { get; } = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()
        ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
        : [];

    /// <summary>Takes the right to write into a folder away.</summary>
    public static void Forbid(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, ReadOnly);
    }

    /// <summary>Gives it back.</summary>
    public static void Allow(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, Writable);
    }

    /// <summary>Skips the test that calls it where a folder's rights do not hold.</summary>
    public static void Need()
    {
        using TemporaryFolder folder = new();
        Forbid(folder.Root);
        string[] words = [.. Before, "sh", "-c", "! touch \"$1\"", "sh", folder["file"]];
        int code;
        try
        {
            using Process trial = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
            trial.WaitForExit();
            code = trial.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            code = -1;
        }

        Allow(folder.Root);
        Assert.SkipUnless(code == 0, "this user may write wherever it likes, and setpriv does not help");
    }
}
