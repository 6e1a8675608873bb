namespace Cria.Data;

/// <summary>Opening and failing to write, said in sentences that name the file.</summary>
static class DurableFile
{
    const int DiskFullOnUnix = 28; // ENOSPC
    const int QuotaFullOnLinux = 122; // EDQUOT
    const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>A new file for writing; one that exists is replaced, so the name must be a temporary one.</summary>
    public static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e);
        }
    }

    /// <summary>An existing file to be written on after its first <paramref name="length"/> bytes; the rest
    /// goes.</summary>
    public static FileStream Reopen(string path, long length)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(length);
            file.Position = length;
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Failure(path, e);
        }
    }

    /// <summary>Brings what was written to the disk, where the stream is a file.</summary>
    public static void Flush(Stream stream)
    {
        if (stream is FileStream file)
            file.Flush(flushToDisk: true);
        else
            stream.Flush();
    }

    /// <summary>The sentence for a write that failed.</summary>
    public static DataException Failure(string path, Exception e) => e.HResult switch
    {
        DiskFullOnUnix or QuotaFullOnLinux or DiskFullOnWindows => new DataException(
            $"{path} could not be written: the disk is full; free space there or write to another disk.", e),
        _ => new DataException(
            $"{path} could not be written: {e.Message.TrimEnd('.')}; choose a folder that can be written.", e),
    };
}
