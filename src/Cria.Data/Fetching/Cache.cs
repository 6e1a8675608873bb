namespace Cria.Data.Fetching;

/// <summary>Whether a wanted file is in the folder already.</summary>
static class Cache
{
    /// <summary>The file, or null where there is none of its name.</summary>
    /// <exception cref="DataException">There is one, and it is not the wanted one.</exception>
    public static async Task<FetchedFile?> FindAsync(
        SourceRecord record, WantedFile wanted, string folder, FetchOptions options, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, wanted.Name);
        FileInfo file = new(path);
        if (!file.Exists)
            return null;
        SourceRecord.Entry? entry = record[wanted.Name];
        string? expected = wanted.Sha256 ?? (entry?.Address == wanted.Source ? entry.Sha256 : null);
        if (expected is null)
            throw Other(path, entry is null ? "is in no record of where it is from" : "is from elsewhere");
        if (file.Length != (entry?.Bytes ?? wanted.Bytes ?? file.Length))
            throw Other(path, $"has {file.Length} bytes, and the one to fetch {entry?.Bytes ?? wanted.Bytes}");

        bool isAsRecorded = entry?.Sha256 == expected && entry.Modified == file.LastWriteTimeUtc;
        if (options.Verify || !isAsRecorded)
        {
            string hash = await FileDownload.HashAsync(path, cancellation);
            if (hash != expected)
                throw Other(path, $"has the SHA-256 {hash}, and the one to fetch {expected}");
            FetchedFile found = new(wanted.Name, wanted.Split, file.Length, hash, FetchState.Cached);
            if (!isAsRecorded)
                record.Add(wanted, found, path, options.Clock.GetUtcNow().UtcDateTime);
            return found;
        }

        return new FetchedFile(wanted.Name, wanted.Split, file.Length, expected, FetchState.Cached);
    }

    static DataException Other(string path, string fault) =>
        new($"{path} exists and {fault}; nothing is written over it: remove it, or choose another folder with --out.");
}
