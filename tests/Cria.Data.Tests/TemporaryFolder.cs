namespace Cria.Data.Tests;

/// <summary>A folder of one test, removed at its end.</summary>
sealed class TemporaryFolder : IDisposable
{
    const string Memory = "/dev/shm";

    /// <param name="inMemory">Whether it lies in memory, where there is a place for that: for tests that make and remove
    /// thousands of files.</param>
    public TemporaryFolder(bool inMemory = false) => Path = inMemory && Directory.Exists(Memory)
        ? Directory.CreateDirectory($"{Memory}/cria-data-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("cria-data-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
