using System.Diagnostics;

namespace Cria;

/// <summary>
/// A small disk in a mount namespace of its own: it takes no rights to mount, nobody else sees it, and it is gone with the process
/// that keeps it, however a test ends. Tests that need one skip, with the reason, where the system gives none.
/// </summary>
sealed class PrivateDisk : IDisposable
{
    readonly string _place = Directory.CreateTempSubdirectory("cria-disk-").FullName;
    readonly Process _keeper;

    /// <param name="size">As tmpfs takes it: 5m is 5 MiB.</param>
    public PrivateDisk(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "namespaces of mounts are Linux's");
        // It ends with its standard input, which this process holds.
        _keeper = Begin("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
            "mount -t tmpfs -o size=$1 cria \"$2\" && echo mounted && exec cat", "sh", size, _place);
        if (_keeper.StandardOutput.ReadLine() == "mounted")
            return;
        string reason = _keeper.StandardError.ReadToEnd().Trim();
        Dispose();
        Assert.Skip($"a small disk cannot be mounted here: {reason}");
    }

    /// <summary>The disk as any process sees it, this one among them.</summary>
    public string Path => $"/proc/{_keeper.Id}/root{_place}";

    /// <summary>What to write before a program's name for it to see the disk at <see cref="Inside"/>.</summary>
    public string[] Entering => ["nsenter", "--target", $"{_keeper.Id}", "--user", "--mount", "--preserve-credentials"];

    /// <summary>The disk as programs that have entered see it.</summary>
    public string Inside => _place;

    /// <summary>Changes how it is mounted: size=64m, or ro.</summary>
    public void Remount(string options)
    {
        string[] words = [.. Entering, "mount", "-o", $"remount,{options}", _place];
        using var mount = Begin(words[0], words[1..]);
        string said = mount.StandardError.ReadToEnd();
        mount.WaitForExit();
        Assert.True(mount.ExitCode == 0, said);
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
        Directory.Delete(_place);
    }

    static Process Begin(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"{program} cannot be started here: {e.Message}");
            throw;
        }
    }
}
