using System.Globalization;
using Cria.Data;
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
        if (DiskRoom.Free(folder) is { } free && free < bytes)
            throw new CheckpointException($"{folder} was not written: it takes {Human(bytes)} and the disk is full but for {Human(free)}; " +
                "free space there or choose another disk. What was saved before is untouched.");
    }

    static string Human(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} KB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };
}
