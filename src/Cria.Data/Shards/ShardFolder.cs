namespace Cria.Data.Shards;

/// <summary>
/// Where a new set is written: <c>FOLDER.tmp</c>, which gets the name FOLDER by one rename once it is whole. Nobody
/// else may write there meanwhile.
/// </summary>
sealed class ShardFolder : IDisposable
{
    readonly ShardStorage _storage;
    readonly Func<string, bool> _isOurs;
    readonly FolderLock _lock;

    /// <param name="folder">The final name.</param>
    /// <param name="storage">How it is written.</param>
    /// <param name="isOurs">Which file names may be of an unfinished run; null: a shard set's.</param>
    /// <exception cref="DataException">Another program writes into the folder.</exception>
    public ShardFolder(string folder, ShardStorage storage, Func<string, bool>? isOurs = null)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        Temporary = Path + ".tmp";
        (_storage, _isOurs) = (storage, isOurs ?? SetNames.Include);
        _lock = new FolderLock(Path);
    }

    public string Path { get; }

    public string Temporary { get; }

    /// <summary>Makes the folder to write in, without what a killed run left in it.</summary>
    /// <exception cref="DataException">The final name is taken, the folder cannot be made, or it holds what no run wrote.</exception>
    public void Begin()
    {
        RefuseExisting();
        RefuseForeign();
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

    /// <summary>Only files that bear a run's names go: whatever else lies there is not ours.</summary>
    public void RemoveTemporary()
    {
        try
        {
            if (!Directory.Exists(Temporary))
                return;
            foreach (string path in Directory.GetFiles(Temporary))
            {
                if (_isOurs(System.IO.Path.GetFileName(path)))
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

    void RefuseForeign()
    {
        if (!Directory.Exists(Temporary))
            return;
        foreach (string path in Directory.EnumerateFileSystemEntries(Temporary))
        {
            if (Directory.Exists(path) || !_isOurs(System.IO.Path.GetFileName(path)))
            {
                throw new DataException($"{Temporary} is where {Path} is made, and holds {System.IO.Path.GetFileName(path)}, which is " +
                    "not of this; move that folder away or name another.");
            }
        }
    }
}
