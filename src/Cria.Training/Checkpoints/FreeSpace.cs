using System.Globalization;
using Cria.Engine.Tensors;

namespace Cria.Training.Checkpoints;

/// <summary>Whether a disk has room for what is about to be written, asked before the first byte.</summary>
static class FreeSpace
{
    /// <param name="folder">Where it is to lie; it need not be there yet.</param>
    /// <param name="bytes">About how many will be written.</param>
    /// <exception cref="CheckpointException">There is no room; the message says how much there is.</exception>
    public static void Check(string folder, long bytes)
    {
        if (Available(folder) is { } free && free < bytes)
            throw new CheckpointException($"{folder} was not written: it takes {Human(bytes)} and the disk is full but for {Human(free)}; " +
                "free space there or choose another disk. What was saved before is untouched.");
    }

    // Null where the system does not say: then the attempt will.
    static long? Available(string folder)
    {
        string? there = Path.GetFullPath(folder);
        while (there is not null && !Directory.Exists(there))
            there = Path.GetDirectoryName(there);
        try
        {
            return there is null ? null : new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    static string Human(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} KB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };
}
