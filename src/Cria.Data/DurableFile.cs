using System.Runtime.InteropServices;

namespace Cria.Data;

/// <summary>Writing what survives a loss of power; failures said in sentences that name the file.</summary>
public static partial class DurableFile
{
    const int DiskFullOnUnix = 28; // ENOSPC
    const int QuotaFullOnLinux = 122; // EDQUOT
    const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Writes a file that is whole or not there: under a temporary name, brought to the disk, then renamed.</summary>
    /// <param name="path">Its name; what stands there is replaced.</param>
    /// <param name="fill">Writes it.</param>
    /// <param name="overwrite">False refuses a name that is taken.</param>
    /// <exception cref="DataException">It could not be written; what stood there is untouched.</exception>
    public static void Write(string path, Action<Stream> fill, bool overwrite = true)
    {
        string temporary = path + ".tmp";
        try
        {
            using (FileStream file = Create(temporary))
            {
                fill(file);
                Flush(file);
            }

            File.Move(temporary, path, overwrite);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void Write(string path, byte[] bytes, bool overwrite = true) => Write(path, file => file.Write(bytes), overwrite);

    /// <summary>A new file for writing; one that exists is replaced, so the name must be a temporary one.</summary>
    internal static FileStream Create(string path)
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
    internal static FileStream Reopen(string path, long length)
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
    internal static void Flush(Stream stream)
    {
        if (stream is FileStream file)
            file.Flush(flushToDisk: true);
        else
            stream.Flush();
    }

    /// <summary>Brings the names in a folder to the disk: a file made or renamed there is found again after a loss of power
    /// only then. .NET can flush a file but not a folder, so the system is asked; where it cannot (Windows, some network
    /// disks) nothing happens.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        int descriptor = Open(folder, 0);
        if (descriptor < 0)
            return;
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    /// <summary>The sentence for a write that failed.</summary>
    internal static DataException Failure(string path, Exception e) => IsForWantOfRoom(e)
        ? new($"{path} could not be written: the disk is full; free space there or write to another disk.", e)
        : new($"{path} could not be written: {e.Message.TrimEnd('.')}; choose a folder that can be written.", e);

    /// <summary>Whether a write failed because the disk is full, or the user's share of it.</summary>
    public static bool IsForWantOfRoom(Exception e) => e.HResult is DiskFullOnUnix or QuotaFullOnLinux or DiskFullOnWindows;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
