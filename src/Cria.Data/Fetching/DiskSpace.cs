namespace Cria.Data.Fetching;

/// <summary>Whether what is to come fits, asked before it comes: all files of a fetch together, for they share the disk.</summary>
/// <param name="options">Say how much is free.</param>
/// <param name="folder">Where the files go.</param>
sealed class DiskSpace(FetchOptions options, string folder)
{
    readonly Lock _lock = new();
    long _toCome;

    /// <summary>More is to come.</summary>
    /// <exception cref="DataException">It does not fit beside what was to come already.</exception>
    public void Reserve(long bytes)
    {
        long toCome;
        lock (_lock)
            toCome = _toCome += bytes;
        if (bytes <= 0)
            return;
        long free = options.FreeBytes(folder);
        if (toCome > free)
            throw new DataException($"{folder} has {free} bytes free, and {toCome} are to come; free space there or choose another disk.");
    }

    /// <summary>So much of it is on the disk, or will not come.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
            _toCome -= bytes;
    }
}
