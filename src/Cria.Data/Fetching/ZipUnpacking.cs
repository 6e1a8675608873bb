using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Cria.Data.Fetching;

/// <summary>
/// Entries of a fetched zip archive, beside it: by the last part of their names, each to its stated length and check sum and no
/// further, under a temporary name until it is whole.
/// </summary>
static class ZipUnpacking
{
    const int BufferBytes = 1 << 17;

    /// <returns>The files that match the pattern, in the archive's order; those that are there already are kept.</returns>
    public static async Task<List<FetchedFile>> RunAsync(
        WantedFile archive, string pattern, string folder, SourceRecord record, DiskSpace space, FetchOptions options,
        CancellationToken cancellation)
    {
        string path = Path.Combine(folder, archive.Name);
        Func<string, bool> matches = PathPattern.Of(pattern);
        List<FetchedFile> files = [];
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            ZipArchiveEntry[] entries = [.. zip.Entries.Where(entry => entry.Name.Length > 0 && matches(entry.FullName))];
            if (entries.Length == 0)
                throw new DataException($"{path} has no entry like \"{pattern}\" among its {zip.Entries.Count}; it is another archive than was expected.");
            CheckNames(archive, entries);
            foreach (ZipArchiveEntry entry in entries)
                files.Add(await OneAsync(archive, entry, folder, record, space, options, cancellation));
            return files;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new DataException($"{path} is no sound zip archive ({e.Message.TrimEnd('.')}); remove it and fetch it again.", e);
        }
    }

    /// <summary>All go into one folder, so no two may have one name there, nor one the archive's own.</summary>
    static void CheckNames(WantedFile archive, ZipArchiveEntry[] entries)
    {
        Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase) { [archive.Name] = "the archive itself" };
        foreach (ZipArchiveEntry entry in entries)
        {
            if (!taken.TryAdd(entry.Name, entry.FullName))
            {
                throw new DataException($"{archive.Name} has {entry.FullName} and {taken[entry.Name]}, which would both become {entry.Name}; "
                    + "nothing is unpacked: choose one of them with --unpack PATTERN, the other into another folder.");
            }
        }
    }

    static async Task<FetchedFile> OneAsync(
        WantedFile archive, ZipArchiveEntry entry, string folder, SourceRecord record, DiskSpace space, FetchOptions options,
        CancellationToken cancellation)
    {
        WantedFile wanted = new(SafeName.Checked(entry.Name, archive.Name), archive.Address, Bytes: entry.Length, Entry: entry.FullName);
        if (await Cache.FindAsync(record, wanted, folder, options, cancellation) is { } cached)
            return cached;
        string target = Path.Combine(folder, wanted.Name), part = target + PartState.PartEnding;
        space.Reserve(entry.Length);
        try
        {
            string hash = await CopyAsync(entry, part, cancellation);
            FetchedFile file = new(wanted.Name, null, entry.Length, hash, FetchState.Fetched);
            record.Add(wanted, file, part, options.Clock.GetUtcNow().UtcDateTime);
            File.Move(part, target);
            return file;
        }
        finally
        {
            space.Release(entry.Length);
            File.Delete(part);
        }
    }

    static async Task<string> CopyAsync(ZipArchiveEntry entry, string path, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream packed = await entry.OpenAsync(cancellation);
        using FileStream file = DurableFile.Create(path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Crc32 sum = new();
            long copied = 0;
            int count;
            while ((count = await packed.ReadAsync(buffer, cancellation)) > 0)
            {
                copied += count;
                if (copied > entry.Length)
                    break;
                hash.AppendData(buffer, 0, count);
                sum.Append(buffer.AsSpan(0, count));
                Write(file, path, buffer.AsSpan(0, count));
            }

            if (copied != entry.Length || sum.Value != entry.Crc32)
                throw new InvalidDataException($"{entry.FullName} does not have the {entry.Length} bytes and the check sum that it states");
            file.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static void Write(FileStream file, string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }
    }
}
