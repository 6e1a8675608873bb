using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards;

/// <summary>Opening and reading at any place, failures said in sentences that name the file.</summary>
static class OpenedFile
{
    const int PartBytes = 1 << 20;

    public static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path} is missing; copy the whole folder again or pack the data again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    /// <summary>Opens a file that must have a certain size.</summary>
    public static SafeFileHandle Open(string path, long expected)
    {
        SafeFileHandle handle = Open(path);
        long found = RandomAccess.GetLength(handle);
        if (found == expected)
            return handle;
        handle.Dispose();
        throw new DataException($"{path} has {found} bytes, and the manifest expects {expected}; " +
            "the file is not whole: copy it again or pack the data again.");
    }

    /// <summary>Fills all of <paramref name="bytes"/> from <paramref name="position"/> on.</summary>
    public static void Fill(SafeFileHandle handle, string path, long position, Span<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = RandomAccess.Read(handle, bytes, position);
                if (count == 0)
                    throw new EndOfStreamException("it was cut after it was opened");
                bytes = bytes[count..];
                position += count;
            }
        }
        catch (IOException e)
        {
            throw new DataException(
                $"{path} could not be read at byte {position}: {e.Message.TrimEnd('.')}; copy it again.", e);
        }
    }

    /// <summary>The SHA-256 of a file that must have a certain size, in lower-case hexadecimal digits.</summary>
    /// <param name="path">The file; opened anew, so that what lies there now is read.</param>
    /// <param name="expected">Its bytes.</param>
    /// <param name="advance">Hears of each part that is read.</param>
    public static string Sha256(string path, long expected, Action<int> advance)
    {
        using SafeFileHandle handle = Open(path, expected);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Math.Min(PartBytes, expected)];
        for (long position = 0; position < expected; position += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, expected - position));
            Fill(handle, path, position, part);
            hash.AppendData(part);
            advance(part.Length);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
