namespace Cria.Data.Shards;

/// <summary>
/// Where a new set is written: <c>FOLDER.tmp</c>, which gets the name FOLDER by one rename once it is whole. Nobody
/// else may write there meanwhile.
/// </summary>
sealed class ShardFolder : IDisposable
{
    readonly ShardStorage _storage;
    readonly FolderLock _lock;

    /// <exception cref="DataException">Another program writes into the folder.</exception>
    public ShardFolder(string folder, ShardStorage storage)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        Temporary = Path + ".tmp";
        _storage = storage;
        _lock = new FolderLock(Path);
    }

    public string Path { get; }

    public string Temporary { get; }

    /// <summary>Makes the folder to write in, without what a killed run left in it.</summary>
    /// <exception cref="DataException">The final name is taken, or the folder cannot be made.</exception>
    public void Begin()
    {
        RefuseExisting();
        RemoveTemporary();
        try
        {
            Directory.CreateDirectory(Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(Temporary, e);
        }
    }

    /// <exception cref="DataException">The final name is taken.</exception>
    public void RefuseExisting()
    {
        if (File.Exists(Path) || (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any()))
        {
            throw new DataException(
                $"{Path} exists already; nothing is written over it: remove it or name another folder.");
        }
    }

    /// <summary>Writes the manifest, last of all, and gives the folder its final name. What is published already stays.</summary>
    public void Publish(ReadOnlySpan<byte> manifest)
    {
        if (IsPublished(manifest))
            return;
        _storage.Write(System.IO.Path.Combine(Temporary, ShardManifest.FileName), manifest);
        Publish();
    }

    /// <summary>Gives the folder its final name.</summary>
    public void Publish()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path); // empty, or this fails and nothing is lost
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(Path, e);
        }

        _storage.FlushFolder(Temporary);
        _storage.MoveFolder(Temporary, Path);
    }

    /// <summary>Whether the folder has its final name and this manifest.</summary>
    public bool IsPublished(ReadOnlySpan<byte> manifest)
    {
        string path = System.IO.Path.Combine(Path, ShardManifest.FileName);
        return File.Exists(path) && manifest.SequenceEqual(ManifestReader.ReadBytes(path));
    }

    /// <summary>Only files that bear a shard set's names go: whatever else lies there is not ours.</summary>
    public void RemoveTemporary()
    {
        try
        {
            if (!Directory.Exists(Temporary))
                return;
            foreach (string path in Directory.GetFiles(Temporary))
            {
                string name = System.IO.Path.GetFileName(path);
                bool isOurs = System.IO.Path.GetExtension(name) is ".bin" or ".idx"
                    || name.StartsWith(ShardManifest.FileName, StringComparison.Ordinal);
                if (isOurs)
                    _storage.Delete(path);
            }

            if (!Directory.EnumerateFileSystemEntries(Temporary).Any())
                Directory.Delete(Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(Temporary, e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
