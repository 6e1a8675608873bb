using Cria.Data.Sampling;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// Writes streams as token files for other programs. All of them hold the same ids: ours less the first EndOfText where it stands
/// behind documents, less the last where it stands before them.
/// </summary>
public static class TokenFileExport
{
    /// <summary>Ids in a FineWeb shard.</summary>
    public const long FineWebTokens = 100_000_000;

    /// <summary>Ids in a file of lit-gpt's: 1024 blocks of 2048 tokens and the one after.</summary>
    public const long LitPkdsTokens = 2049 * 1024;

    /// <summary>Writes a folder, whole or not at all.</summary>
    /// <param name="format">What is written.</param>
    /// <param name="folder">Must not exist yet, or be empty.</param>
    /// <param name="name">What the files' names begin with, where they have a name.</param>
    /// <param name="training">The stream, which begins and ends with EndOfText.</param>
    /// <param name="validation">Another; null: none, and of FineWeb's shards the first is for validation.</param>
    /// <param name="tokensPerFile">Ids in a full file, where there are several; null for what is usual.</param>
    /// <param name="cancellation">Asks it to stop; it then leaves nothing.</param>
    /// <returns>The names of the files.</returns>
    /// <exception cref="DataException">The folder has content, the disk is full, or a stream is too long.</exception>
    public static IReadOnlyList<string> WriteFolder(
        TokenFileFormat format,
        string folder,
        string name,
        ITokenStream training,
        ITokenStream? validation = null,
        long? tokensPerFile = null,
        CancellationToken cancellation = default)
    {
        using var target = new ShardFolder(folder, ShardStorage.Disk);
        target.Begin();
        try
        {
            List<TokenFilePlan> plans = TokenFilePlan.Of(format, name, training, validation, tokensPerFile);
            foreach (TokenFilePlan plan in plans)
                Write(Path.Combine(target.Temporary, plan.Name), plan, cancellation);
            target.Publish();
            return plans.ConvertAll(plan => plan.Name);
        }
        catch
        {
            target.RemoveTemporary();
            throw;
        }
    }

    /// <summary>Writes one file, whole or not at all.</summary>
    /// <exception cref="DataException">It exists already, the disk is full, or the format has several.</exception>
    public static void WriteFile(TokenFileFormat format, string path, ITokenStream stream, CancellationToken cancellation = default)
    {
        if (format is not (TokenFileFormat.Bin or TokenFileFormat.Llmc))
            throw new DataException($"{format} is a folder of files; name a folder and not {path}.");
        if (Path.Exists(path))
            throw new DataException($"{path} exists already; nothing is written over it: remove it or choose another name.");
        string temporary = path + ".tmp";
        try
        {
            Write(temporary, TokenFilePlan.Of(format, "", stream, null, null)[0], cancellation);
            ShardStorage.Disk.Replace(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    static void Write(string path, TokenFilePlan plan, CancellationToken cancellation)
    {
        int width = TokenBytes.Width(plan.Stream.VocabSize);
        var ids = new int[1 << 15];
        var bytes = new byte[ids.Length * width];
        try
        {
            using FileStream file = DurableFile.Create(path);
            file.Write(plan.Format.Header(plan.Tokens, width));
            for (long at = plan.Start; at < plan.Start + plan.Tokens; at += ids.Length)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = (int)Math.Min(ids.Length, plan.Start + plan.Tokens - at);
                plan.Read(at, ids.AsSpan(0, count));
                TokenBytes.Write(ids.AsSpan(0, count), bytes.AsSpan(0, count * width));
                file.Write(bytes, 0, count * width);
            }

            DurableFile.Flush(file);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }
    }
}
