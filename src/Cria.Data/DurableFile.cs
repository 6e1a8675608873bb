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

    /// <summary>The sentence for a write that failed.</summary>
    public static DataException Failure(string path, Exception e) => e.HResult switch
    {
        DiskFullOnUnix or QuotaFullOnLinux or DiskFullOnWindows => new DataException(
            $"{path} could not be written: the disk is full; free space there or write to another disk.", e),
        _ => new DataException(
            $"{path} could not be written: {e.Message.TrimEnd('.')}; choose a folder that can be written.", e),
    };
}
