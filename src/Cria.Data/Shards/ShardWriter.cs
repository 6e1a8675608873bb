using System.Buffers;

namespace Cria.Data.Shards;

/// <summary>
/// Writes one shard set (docs/shards.md), document after document, in bounded memory. Everything goes to
/// <c>FOLDER.tmp</c>; <see cref="Complete"/> writes the manifest last and renames the folder once, so the final name
/// either does not exist or is whole. Not for several threads at a time: the order of the calls is the order on disk.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    readonly ShardOptions _options;
    readonly ShardFolder _folder;
    readonly ShardFiles _files;

    /// <summary>Starts a shard set; <paramref name="folder"/> must not exist yet, or be empty.</summary>
    /// <exception cref="DataException">The folder has content, cannot be made, or is being packed into.</exception>
    public ShardWriter(string folder, ShardOptions options) : this(folder, options, ShardStorage.Disk)
    {
    }

    internal ShardWriter(string folder, ShardOptions options, ShardStorage storage)
    {
        options.Check();
        _options = options;
        _folder = new ShardFolder(folder, storage);
        try
        {
            _folder.Begin();
            _files = new ShardFiles(storage, _folder.Temporary, options, ShardProgress.None);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Documents added so far.</summary>
    public long Documents => _files.Documents;

    /// <summary>Appends one document.</summary>
    /// <param name="tokens">Ids of the text alone, each below VocabSize and none EndOfText.</param>
    /// <param name="textBytes">UTF-8 bytes of the text.</param>
    public void Add(ReadOnlySpan<int> tokens, long textBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(textBytes);
        _options.CheckIds(tokens);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(checked(tokens.Length * _options.BytesPerToken));
        Span<byte> ids = bytes.AsSpan(0, tokens.Length * _options.BytesPerToken);
        TokenBytes.Write(tokens, ids);
        _files.Add(ids, textBytes);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Closes the files, writes the manifest, and gives the folder its final name.</summary>
    public ShardManifest Complete()
    {
        if (Documents == 0)
        {
            throw new DataException($"{_folder.Path} would hold no document, because the input has none that is kept; " +
                "give it more text or a looser recipe.");
        }

        ShardManifest manifest = _files.Finish();
        _folder.Publish(manifest.ToJson());
        return manifest;
    }

    /// <summary>Removes what was written, unless <see cref="Complete"/> has given it its name.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _folder.RemoveTemporary();
        _folder.Dispose();
    }
}
