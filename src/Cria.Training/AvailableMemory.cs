using System.Globalization;

namespace Cria.Training;

/// <summary>Memory that a process may still take: the least of what the machine has left and what its control group allows.</summary>
public static class AvailableMemory
{
    /// <summary>Bytes, as the system says now.</summary>
    public static long Now() => OperatingSystem.IsLinux() ? OnLinux("/") : Remaining();

    /// <summary>From the files of Linux below a root: <c>proc/meminfo</c>, and the control group's limits, version 2 or 1.</summary>
    public static long OnLinux(string root)
    {
        long least = Remaining();
        foreach (string line in Lines(Path.Combine(root, "proc/meminfo")))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["MemAvailable:", var number, ..]
                && long.TryParse(number, CultureInfo.InvariantCulture, out long kibibytes))
                least = kibibytes << 10;
        foreach (var (limit, used) in (ReadOnlySpan<(string, string)>)
            [("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")])
            if (Number(Path.Combine(root, "sys/fs/cgroup", limit)) is { } most && Number(Path.Combine(root, "sys/fs/cgroup", used)) is { } taken)
                least = Math.Min(least, most - taken);
        return Math.Max(0, least);
    }

    static long Remaining()
    {
        var memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes;
    }

    // "max" where there is no limit.
    static long? Number(string path) =>
        Lines(path) is [var line, ..] && long.TryParse(line, CultureInfo.InvariantCulture, out long number) ? number : null;

    static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
