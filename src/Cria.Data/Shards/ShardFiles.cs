namespace Cria.Data.Shards;

/// <summary>
/// The files of a set being written. After every document the stream is a whole one, closed by EndOfText: so a set can be
/// continued behind any document, by the run that began it or by a later one.
/// </summary>
sealed class ShardFiles : IDisposable
{
    readonly ShardStorage _storage;
    readonly string _folder;
    readonly ShardOptions _options;
    readonly List<ShardEntry> _finished;
    readonly byte[] _endOfText;
    ShardFile? _file;
    long _tokens;
    long _textBytes;

    /// <summary>Begins or continues the files of a set inside a folder that is there.</summary>
    public ShardFiles(ShardStorage storage, string folder, ShardOptions options, ShardProgress start)
    {
        (_storage, _folder, _options, _finished) = (storage, folder, options, [.. start.Finished]);
        (_tokens, Documents, _textBytes) = (start.Tokens, start.Documents, start.TextBytes);
        _endOfText = new byte[options.BytesPerToken];
        TokenBytes.Write([options.EndOfText], _endOfText);
        CheckFinished(start);
        if (start.Open is { } open)
            _file = new ShardFile(storage, folder, _finished.Count, options.BytesPerToken, open);
        if (_tokens == 0)
            Write(_endOfText);
    }

    public long Documents { get; private set; }

    /// <summary>Appends one document and the EndOfText that closes it.</summary>
    /// <param name="ids">The tokens as they lie in the file, EndOfText not among them.</param>
    /// <param name="textBytes">UTF-8 bytes of the text.</param>
    public void Add(ReadOnlySpan<byte> ids, long textBytes)
    {
        _file ??= OpenFile();
        _file.BeginDocument(_tokens);
        Write(ids);
        Write(_endOfText);
        Documents++;
        _textBytes += textBytes;
    }

    /// <summary>Brings everything to the disk; what it returns is enough to go on from here.</summary>
    public ShardProgress Flush()
    {
        _file?.Flush();
        _storage.FlushFolder(_folder); // a file whose name is lost is lost
        OpenShard? open = _file is null ? null : new OpenShard(_file.Tokens, _file.Documents);
        return new ShardProgress([.. _finished], open, _tokens, Documents, _textBytes);
    }

    /// <summary>Brings everything to the disk, closes the files, and says what they hold.</summary>
    public ShardManifest Finish()
    {
        FinishFile();
        _storage.FlushFolder(_folder);
        return new ShardManifest
        {
            TokenizerSha256 = _options.TokenizerSha256,
            VocabSize = _options.VocabSize,
            EndOfText = _options.EndOfText,
            Tokens = _tokens,
            Documents = Documents,
            TextBytes = _textBytes,
            Shards = _finished,
        };
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    void Write(ReadOnlySpan<byte> ids)
    {
        int width = _options.BytesPerToken;
        _tokens += ids.Length / width;
        while (!ids.IsEmpty)
        {
            _file ??= OpenFile();
            int room = (int)Math.Min(ids.Length, (_options.TokensPerShard - _file.Tokens) * width);
            _file.Write(ids[..room]);
            ids = ids[room..];
            if (_file.Tokens == _options.TokensPerShard)
                FinishFile();
        }
    }

    // Of files that are not read again, the size at least must be what is said of them.
    void CheckFinished(ShardProgress start)
    {
        for (int number = 0; number < start.Finished.Count; number++)
        {
            CheckSize(ShardManifest.ShardName(number), start.Finished[number].Tokens * _options.BytesPerToken);
            CheckSize(ShardManifest.IndexName(number), start.Finished[number].Documents * sizeof(long));
        }
    }

    void CheckSize(string name, long expected)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        if (file.Exists && file.Length == expected)
            return;
        string found = file.Exists ? $"it has {file.Length} bytes and not {expected}" : "it is missing";
        throw new DataException($"{file.FullName} cannot be continued: {found}; remove the unfinished set and its journal, " +
            "and begin anew.");
    }

    ShardFile OpenFile() => new(_storage, _folder, _finished.Count, _options.BytesPerToken, default);

    void FinishFile()
    {
        if (_file is null)
            return;
        _finished.Add(_file.Finish());
        _file = null;
    }
}

/// <summary>How far a set being written is, behind a document.</summary>
/// <param name="Finished">The full files.</param>
/// <param name="Open">The file that is not full, if there is one.</param>
/// <param name="Tokens">Ids in the set.</param>
/// <param name="Documents">Documents in it.</param>
/// <param name="TextBytes">UTF-8 bytes of their texts.</param>
sealed record ShardProgress(IReadOnlyList<ShardEntry> Finished, OpenShard? Open, long Tokens, long Documents, long TextBytes)
{
    /// <summary>Nothing is written.</summary>
    public static ShardProgress None { get; } = new([], null, 0, 0, 0);

    /// <summary>Whether it can be true: it comes from a file.</summary>
    public bool IsSound()
    {
        if (Finished is null || Finished.Any(shard => shard is null || shard.Tokens < 1 || shard.Documents < 0))
            return false;
        OpenShard open = Open ?? default;
        UInt128 tokens = Sum(Finished, shard => shard.Tokens) + (UInt128)Math.Max(open.Tokens, 0);
        UInt128 documents = Sum(Finished, shard => shard.Documents) + (UInt128)Math.Max(open.Documents, 0);
        return open is { Tokens: >= 0, Documents: >= 0 } && TextBytes >= 0
            && Tokens is >= 0 and < ManifestReader.MaxTokens && Documents >= 0
            && tokens == (UInt128)Tokens && documents == (UInt128)Documents;

        static UInt128 Sum(IReadOnlyList<ShardEntry> shards, Func<ShardEntry, long> count) =>
            shards.Aggregate(UInt128.Zero, (sum, shard) => sum + (UInt128)count(shard));
    }

    /// <summary>All of a set, to which more is added.</summary>
    public static ShardProgress After(ShardManifest manifest) =>
        new(manifest.Shards, null, manifest.Tokens, manifest.Documents, manifest.TextBytes);
}
