namespace Cria.Data.Fetching;

/// <summary>Whether what is to come fits, asked before it comes.</summary>
static class DiskSpace
{
    /// <summary>The bytes that are free where a folder lies; a share of another machine does not say.</summary>
    public static long Free(string folder)
    {
        string path = Path.GetFullPath(folder);
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : path).AvailableFreeSpace;
        }
        catch (ArgumentException) // \\MACHINE\SHARE
        {
            return long.MaxValue;
        }
    }

    /// <exception cref="DataException">It does not.</exception>
    public static void Check(FetchOptions options, string folder, long needed)
    {
        long free = options.FreeBytes(folder);
        if (needed > free)
            throw new DataException($"{folder} has {free} bytes free, and {needed} are to come; free space there or choose another disk.");
    }
}
