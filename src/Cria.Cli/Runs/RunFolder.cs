using Cria.Engine.Tensors;
using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>A run's folder, held: one process at a time writes there.</summary>
sealed class RunFolder : RunFiles, IDisposable
{
    const int HeldOnLinux = 11, HeldOnMac = 35; // EWOULDBLOCK
    const int HeldOnWindows = unchecked((int)0x80070020);

    readonly FileStream _lock;

    RunFolder(string path, FileStream held) : base(path) => _lock = held;

    /// <summary>Opens a folder for a run.</summary>
    /// <param name="path">Made if it is not there.</param>
    /// <param name="resume">False refuses a folder that holds a run already.</param>
    public static RunFolder Open(string path, bool resume)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full))
            throw new TrainingException($"{path} is a file; --out names a folder.");
        if (!resume && File.Exists(new RunFiles(full).Recipe))
            throw new TrainingException($"{path} holds a run already; continue it with --resume, or choose another folder with --out.");
        Directory.CreateDirectory(full);
        return new(full, Lock(full));
    }

    /// <summary>Held while a folder is in use; closing it frees the folder, as the end of the process does.</summary>
    /// <exception cref="CheckpointException">Somebody else holds it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            throw new CheckpointException($"{path} is in use by another run; wait for it, or choose another folder with --out.");
        }
    }

    public void Dispose() => _lock.Dispose();
}
