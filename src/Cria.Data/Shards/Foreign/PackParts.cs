using Cria.Data.Shards.Packing;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// <c>OUT.parts</c>: the sets by way of which token files are packed, with their journal. Nothing else may lie there, and
/// nothing else is removed. Nobody else works there meanwhile.
/// </summary>
sealed class PackParts : IDisposable
{
    readonly string _folder;
    readonly string[] _sets;
    readonly FolderLock _lock;

    /// <exception cref="DataException">Something else lies there, or another program works there.</exception>
    public PackParts(string folder, bool hasValidation)
    {
        _folder = folder;
        _sets = [.. (hasValidation ? (string[])["train", "validation"] : ["train"]).Select(set => Path.Combine(folder, set))];
        _lock = new FolderLock(folder);
        try
        {
            RefuseForeign();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Training => _sets[0];

    public string? Validation => _sets.ElementAtOrDefault(1);

    IEnumerable<string> Folders => _sets.SelectMany(set => (string[])[set, set + ".tmp"]);

    // The journal last: while it is there, a killed run knows that it had come to its end.
    IEnumerable<string> Files =>
        [.. _sets.Select(set => set + ".lock"), PackJournal.PathOf(Training) + ".new", PackJournal.PathOf(Training)];

    /// <summary>Removes the sets, then their journal.</summary>
    public void Remove()
    {
        try
        {
            foreach (string folder in Folders.Where(Directory.Exists))
            {
                foreach (string file in Directory.GetFiles(folder).Where(file => SetNames.Include(Path.GetFileName(file))))
                    File.Delete(file);
                RemoveEmpty(folder);
            }

            foreach (string file in Files)
                File.Delete(file);
            RemoveEmpty(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_folder, e);
        }
    }

    public void Dispose() => _lock.Dispose();

    static void RemoveEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    void RefuseForeign()
    {
        if (File.Exists(_folder))
            throw Foreign(_folder);
        if (!Directory.Exists(_folder))
            return;
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder))
        {
            if (IsFolder(path) ? !Folders.Contains(path) : !Files.Contains(path))
                throw Foreign(path);
        }

        foreach (string path in Folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries))
        {
            if (IsFolder(path) || !SetNames.Include(Path.GetFileName(path)))
                throw Foreign(path);
        }
    }

    // A link leads to what somebody else keeps elsewhere, so it is no folder of ours.
    static bool IsFolder(string path) => (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint))
        == FileAttributes.Directory;

    DataException Foreign(string path) => new(
        $"{_folder} is where the packing would work, and {path} is not of it; move it away or name another folder to write.");
}
