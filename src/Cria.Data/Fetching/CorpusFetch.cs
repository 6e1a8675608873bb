namespace Cria.Data.Fetching;

/// <summary>
/// Brings a corpus into a folder: its files whole and checked, with <c>SOURCE.json</c> beside them. What is there already is not
/// fetched again; what broke off goes on. One fetch writes into a folder at a time.
/// </summary>
public static class CorpusFetch
{
    /// <param name="request">What to fetch.</param>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it; the next fetch goes on from there.</param>
    /// <exception cref="DataException">What could not be fetched, and why.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<FetchReport> RunAsync(
        FetchRequest request, string folder, FetchOptions options, FetchProgress progress, CancellationToken cancellation)
    {
        using Transfer transfer = new(options, folder, progress);
        HubCorpus hub = new(transfer);
        FoundCorpus source = request.Hub is { } dataset ? await hub.FindAsync(dataset, cancellation) : request.Known();
        CreateFolder(folder);
        using IDisposable alone = await FetchLock.TakeAsync(folder, options.Say, cancellation);
        SourceRecord record = SourceRecord.Open(folder, source);

        Dictionary<string, FetchedFile> done = [];
        List<WantedFile> missing = [];
        foreach (WantedFile wanted in source.Files)
        {
            if (await Cache.FindAsync(record, wanted, folder, options, cancellation) is { } cached)
                done.Add(wanted.Name, cached);
            else
                missing.Add(wanted);
        }

        Announce(missing, folder, transfer);
        try
        {
            await SideBySide.RunAsync(missing, options.Connections, async (wanted, token) =>
            {
                FetchedFile file = await new FileDownload(transfer, wanted, folder, record).RunAsync(token);
                lock (done)
                    done.Add(wanted.Name, file);
            }, cancellation);
        }
        catch (RefusedFault fault)
        {
            throw request.Hub is { } refused ? await hub.ExplainAsync(fault, refused, cancellation) : fault.Explain();
        }

        List<FetchedFile> files = [];
        foreach (WantedFile wanted in source.Files)
        {
            files.Add(done[wanted.Name]);
            if (wanted.Unpack is { } pattern)
                files.AddRange(await ZipUnpacking.RunAsync(wanted, pattern, folder, record, transfer.Space, options, cancellation));
        }

        return new FetchReport(source.Name, source.Revision, source.Licence, folder, files);
    }

    static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(folder, e);
        }
    }

    /// <summary>How much is to come, and whether it fits.</summary>
    static void Announce(List<WantedFile> missing, string folder, Transfer transfer)
    {
        transfer.Progress.ExpectFiles(missing.Count);
        transfer.Progress.Expect(missing.Sum(file => file.Bytes ?? 0));
        transfer.Space.Reserve(missing.Sum(file => FileDownload.ToCome(file, folder)));
    }
}
