namespace Cria.Data;

/// <summary>How much a disk still takes.</summary>
public static class DiskRoom
{
    /// <summary>The bytes that are free where a folder lies, or would lie; null where the system does not say, as for a share of another
    /// machine.</summary>
    public static long? Free(string folder)
    {
        string? there = Path.GetFullPath(folder);
        while (there is not null && !Directory.Exists(there))
            there = Path.GetDirectoryName(there);
        try
        {
            return there is null ? null : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
