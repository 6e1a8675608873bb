namespace Cria.Data.Fetching;

/// <summary>Whether what is to come fits, asked before it comes.</summary>
static class DiskSpace
{
    /// <exception cref="DataException">It does not.</exception>
    public static void Check(FetchOptions options, string folder, long needed)
    {
        long free = options.FreeBytes(folder);
        if (needed > free)
            throw new DataException($"{folder} has {free} bytes free, and {needed} are to come; free space there or choose another disk.");
    }
}
