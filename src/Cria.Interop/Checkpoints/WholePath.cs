using Cria.Engine.Tensors;

namespace Cria.Interop.Checkpoints;

/// <summary>Files and folders that are whole or not there: filled under a temporary name, then renamed once.</summary>
static class WholePath
{
    /// <param name="path">The final name; it must not exist.</param>
    /// <param name="write">Makes the file or folder that it is given the name of.</param>
    /// <exception cref="CheckpointException">The path exists, or cannot be made there.</exception>
    public static void Write(string path, Action<string> write)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.Exists(full))
            throw new CheckpointException($"{path} exists already and is not overwritten; choose another name.");
        MakeParent(path, full);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp"; // nobody else's: process ids repeat in containers
        try
        {
            write(temporary);
            if (Path.Exists(full))
                throw new CheckpointException($"{path} was made by another program meanwhile and is not overwritten; choose another name.");
            Directory.Move(temporary, full); // renames files as well
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    static void MakeParent(string path, string full)
    {
        try
        {
            if (Path.GetDirectoryName(full) is { } parent)
                Directory.CreateDirectory(parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be made: {e.Message.TrimEnd('.')}; choose another place.");
        }
    }

    // Why writing failed is what matters: a remainder that cannot be removed either must not hide it.
    static void Remove(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            else if (File.Exists(temporary))
                File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
