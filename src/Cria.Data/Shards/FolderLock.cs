namespace Cria.Data.Shards;

/// <summary>
/// Keeps a second program from writing into the same folder: <c>FOLDER.lock</c>, held open for itself alone. The system
/// lets go of it when the process ends, however it ends, so a file that a killed run left stops nobody.
/// </summary>
sealed class FolderLock : IDisposable
{
    readonly string _path;
    readonly FileStream _file;

    /// <exception cref="DataException">Another program writes into the folder.</exception>
    public FolderLock(string folder)
    {
        _path = folder + ".lock";
        try
        {
            if (Path.GetDirectoryName(_path) is { Length: > 0 } parent)
                Directory.CreateDirectory(parent);
            _file = Open();
            while (!IsAtItsName())
            {
                _file.Dispose();
                _file = Open();
            }
        }
        catch (IOException e) when (File.Exists(_path))
        {
            throw new DataException($"{folder} is being written by another program, which holds {_path}; " +
                "wait until it has ended, or name another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_path, e);
        }
    }

    /// <summary>Only who holds the lock removes its file, and before letting go.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            File.Delete(_path);
        _file.Dispose();
    }

    FileStream Open() => new(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1,
        OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);

    // Between opening and locking, who held the lock before may have removed the file: what is then locked has no name, and a third
    // program makes and locks a file of its own. A random time of change tells whether name and lock are of one file.
    bool IsAtItsName()
    {
        long stamp = BitConverter.ToInt64(Guid.NewGuid().ToByteArray(), 8) & ((1L << 53) - 1);
        File.SetLastWriteTimeUtc(_file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(stamp));
        return File.GetLastWriteTimeUtc(_path) == File.GetLastWriteTimeUtc(_file.SafeFileHandle);
    }
}
