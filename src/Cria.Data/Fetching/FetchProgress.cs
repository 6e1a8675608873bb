namespace Cria.Data.Fetching;

/// <summary>How far a fetch is; read from any thread while it runs.</summary>
public sealed class FetchProgress
{
    long _bytes, _receivedBytes, _totalBytes;
    int _files, _totalFiles;

    /// <summary>Bytes that are there, those of earlier runs included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Bytes that came in this run, those of beginnings that were given up included.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>Bytes of all files whose length is known so far.</summary>
    public long TotalBytes => Interlocked.Read(ref _totalBytes);

    /// <summary>Files that are whole.</summary>
    public int Files => Volatile.Read(ref _files);

    public int TotalFiles => Volatile.Read(ref _totalFiles);

    internal void Came(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void Received(long bytes) => Interlocked.Add(ref _receivedBytes, bytes);

    internal void Expect(long bytes) => Interlocked.Add(ref _totalBytes, bytes);

    internal void Finished() => Interlocked.Increment(ref _files);

    internal void ExpectFiles(int files) => Interlocked.Add(ref _totalFiles, files);
}
