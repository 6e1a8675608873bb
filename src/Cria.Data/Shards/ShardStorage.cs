namespace Cria.Data.Shards;

/// <summary>What writing a set does to the disk, step by step; tests let any of the steps fail.</summary>
class ShardStorage
{
    /// <summary>The disk.</summary>
    public static ShardStorage Disk { get; } = new();

    /// <summary>A file of which the first <paramref name="length"/> bytes are kept, to be written on from there; 0 makes
    /// it anew.</summary>
    public virtual Stream Open(string path, long length) =>
        length == 0 ? DurableFile.Create(path) : DurableFile.Reopen(path, length);

    /// <summary>What was written is brought to the disk.</summary>
    public virtual void Flush(Stream file) => DurableFile.Flush(file);

    /// <summary>The names in a folder are brought to the disk.</summary>
    public virtual void FlushFolder(string folder) => DurableFile.FlushFolder(folder);

    /// <summary>A file takes the place of another, at once and for good.</summary>
    public virtual void Replace(string from, string to)
    {
        Try(to, () => File.Move(from, to, overwrite: true));
        FlushFolder(Parent(to));
    }

    /// <summary>A folder gets its name, at once and for good.</summary>
    public virtual void MoveFolder(string from, string to)
    {
        Try(to, () => Directory.Move(from, to));
        FlushFolder(Parent(to));
    }

    /// <summary>Removes a file, if it is there.</summary>
    public virtual void Delete(string path) => Try(path, () => File.Delete(path));

    /// <summary>Writes a file whole or not at all: under another name, to the disk, then renamed.</summary>
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + ".new";
        try
        {
            using Stream file = Open(temporary, 0);
            file.Write(bytes);
            Flush(file);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(temporary, e);
        }

        Replace(temporary, path);
    }

    static string Parent(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    static void Try(string path, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(path, e);
        }
    }
}
