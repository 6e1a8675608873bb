using Cria.Engine.Tensors;

namespace Cria.Interop.Checkpoints;

/// <summary>Files and folders that are whole or not there: filled under a temporary name, then renamed once.</summary>
static class WholePath
{
    /// <param name="path">The final name; it must not exist.</param>
    /// <param name="write">Makes the file or folder that it is given the name of.</param>
    public static void Write(string path, Action<string> write)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.Exists(full))
            throw new CheckpointException($"{path} exists already and is not overwritten; choose another name.");
        string temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            if (Path.GetDirectoryName(full) is { } parent)
                Directory.CreateDirectory(parent);
            write(temporary);
            if (Path.Exists(full))
                throw new CheckpointException($"{path} was made by another program meanwhile and is not overwritten; choose another name.");
            Directory.Move(temporary, full); // renames files as well
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            File.Delete(temporary);
        }
    }
}
