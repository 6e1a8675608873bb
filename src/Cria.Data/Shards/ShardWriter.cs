namespace Cria.Data.Shards;

/// <summary>
/// Writes one shard set (docs/shards.md), document after document, in bounded memory. Everything goes to
/// <c>FOLDER.tmp</c>; <see cref="Complete"/> writes the manifest last and renames the folder once, so the final name
/// either does not exist or is whole. Not for several threads at a time: the order of the calls is the order on disk.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    readonly ShardOptions _options;
    readonly string _folder;
    readonly string _temporary;
    readonly Func<string, Stream> _create;
    readonly List<ShardEntry> _finished = [];
    readonly int[] _opener;
    ShardFile? _file;
    long _tokens;
    long _textBytes;

    /// <summary>Starts a shard set; <paramref name="folder"/> must not exist yet, or be empty.</summary>
    /// <exception cref="DataException">The folder has content, or cannot be made.</exception>
    public ShardWriter(string folder, ShardOptions options) : this(folder, options, DurableFile.Create)
    {
    }

    internal ShardWriter(string folder, ShardOptions options, Func<string, Stream> create)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VocabSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TokensPerShard, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.EndOfText);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.EndOfText, options.VocabSize);

        _options = options;
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _temporary = _folder + ".tmp";
        _create = create;
        _opener = [options.EndOfText];
        Prepare();
    }

    /// <summary>Documents added so far.</summary>
    public long Documents { get; private set; }

    /// <summary>Appends one document: its opener, then its tokens.</summary>
    /// <param name="tokens">Ids of the text alone, each below VocabSize and none EndOfText.</param>
    /// <param name="textBytes">UTF-8 bytes of the text.</param>
    public void Add(ReadOnlySpan<int> tokens, long textBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(textBytes);
        CheckIds(tokens);
        Write(_opener);
        Write(tokens);
        Documents++;
        _textBytes += textBytes;
    }

    /// <summary>Closes the last document, writes the manifest, and gives the folder its final name.</summary>
    public ShardManifest Complete()
    {
        if (Documents == 0)
        {
            throw new DataException($"{_folder} would hold no document, because the input has none that is kept; " +
                "give it more text or a looser recipe.");
        }

        Write(_opener);
        FinishFile();
        var manifest = new ShardManifest
        {
            TokenizerSha256 = _options.TokenizerSha256,
            VocabSize = _options.VocabSize,
            EndOfText = _options.EndOfText,
            Tokens = _tokens,
            Documents = Documents,
            TextBytes = _textBytes,
            Shards = _finished,
        };
        WriteManifest(manifest);
        Publish();
        return manifest;
    }

    /// <summary>Removes what was written, unless <see cref="Complete"/> has given it its name.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        RemoveTemporary();
    }

    void Prepare()
    {
        if (File.Exists(_folder) || (Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).Any()))
        {
            throw new DataException(
                $"{_folder} exists already; nothing is written over it: remove it or name another folder.");
        }

        try
        {
            RemoveTemporary(); // what a killed run left
            Directory.CreateDirectory(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_temporary, e);
        }
    }

    void CheckIds(ReadOnlySpan<int> tokens)
    {
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)_options.VocabSize || id == _options.EndOfText)
            {
                throw new DataException($"Document {Documents} for {_folder} has the id {id}; expected 0 to " +
                    $"{_options.VocabSize - 1} without {_options.EndOfText}, which only separates documents; " +
                    "encode it with the tokenizer of this set, special tokens as text.");
            }
        }
    }

    void Write(ReadOnlySpan<int> tokens)
    {
        _tokens += tokens.Length;
        while (!tokens.IsEmpty)
        {
            _file ??= OpenFile();
            int room = (int)Math.Min(tokens.Length, _options.TokensPerShard - _file.Tokens);
            _file.Write(tokens[..room]);
            tokens = tokens[room..];
            if (_file.Tokens == _options.TokensPerShard)
                FinishFile();
        }
    }

    ShardFile OpenFile()
    {
        string path = Path.Combine(_temporary, ShardManifest.ShardName(_finished.Count));
        return new ShardFile(path, _create(path), _options.VocabSize > 1 << 16 ? 4 : 2);
    }

    void FinishFile()
    {
        if (_file is null)
            return;
        string hash = _file.Finish();
        _finished.Add(new ShardEntry(ShardManifest.ShardName(_finished.Count), _file.Tokens, hash));
        _file = null;
    }

    void WriteManifest(ShardManifest manifest)
    {
        string path = Path.Combine(_temporary, ShardManifest.FileName);
        try
        {
            using Stream file = _create(path);
            file.Write(manifest.ToJson());
            (file as FileStream)?.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }
    }

    void Publish()
    {
        try
        {
            if (Directory.Exists(_folder))
                Directory.Delete(_folder); // empty, or this fails and nothing is lost
            Directory.Move(_temporary, _folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_folder, e);
        }
    }

    // Only files that bear a shard set's names go: whatever else lies there is not ours.
    void RemoveTemporary()
    {
        if (!Directory.Exists(_temporary))
            return;
        foreach (string path in Directory.GetFiles(_temporary))
        {
            if (path.EndsWith(".bin", StringComparison.Ordinal) || Path.GetFileName(path) == ShardManifest.FileName)
                File.Delete(path);
        }

        if (!Directory.EnumerateFileSystemEntries(_temporary).Any())
            Directory.Delete(_temporary);
    }
}
