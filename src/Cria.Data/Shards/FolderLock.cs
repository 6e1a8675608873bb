namespace Cria.Data.Shards;

/// <summary>
/// Keeps a second program from writing into the same folder: <c>FOLDER.lock</c>, held open for itself alone. The system
/// lets go of it when the process ends, however it ends, so a file that a killed run left stops nobody.
/// </summary>
sealed class FolderLock : IDisposable
{
    readonly FileStream _file;

    /// <exception cref="DataException">Another program writes into the folder.</exception>
    public FolderLock(string folder)
    {
        string path = folder + ".lock";
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
                Directory.CreateDirectory(parent);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new DataException($"{folder} is being written by another program, which holds {path}; " +
                "wait until it has ended, or name another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(path, e);
        }
    }

    public void Dispose() => _file.Dispose();
}
