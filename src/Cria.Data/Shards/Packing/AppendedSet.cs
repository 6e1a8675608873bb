using System.Security.Cryptography;

namespace Cria.Data.Shards.Packing;

/// <summary>
/// A set that is there and grows: the new files lie beside the old ones, unknown to the manifest, until one rename puts
/// a new manifest in its place. The EndOfText that closed the set opens the next document.
/// </summary>
sealed class AppendedSet : IPackTarget
{
    readonly ShardStorage _storage;
    readonly FolderLock _lock;
    readonly ShardManifest _old;
    readonly string _manifest;

    /// <exception cref="DataException">There is no set, another program writes it, or other tokens are in it.</exception>
    public AppendedSet(string folder, ShardOptions options, ShardStorage storage)
    {
        _storage = storage;
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        _manifest = System.IO.Path.Combine(Path, ShardManifest.FileName);
        _lock = new FolderLock(Path);
        try
        {
            byte[] json = ManifestReader.ReadBytes(_manifest);
            _old = ManifestReader.Parse(json, _manifest);
            Check(options);
            Condition = new PackCondition("the set that is added to", Convert.ToHexStringLower(SHA256.HashData(json)));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public string WorkFolder => Path;

    public PackCondition? Condition { get; }

    public ShardProgress Begin()
    {
        Abandon();
        return ShardProgress.After(_old);
    }

    public void Publish(byte[] manifest)
    {
        if (!IsPublished(manifest))
            _storage.Write(_manifest, manifest);
    }

    public bool IsPublished(byte[] manifest) => ManifestReader.ReadBytes(_manifest).AsSpan().SequenceEqual(manifest);

    // What lies behind the last file of the manifest, and is named as if it came next, is of an append that was killed.
    public void Abandon()
    {
        for (int number = _old.Shards.Count; ; number++)
        {
            string ids = System.IO.Path.Combine(Path, ShardManifest.ShardName(number));
            string starts = System.IO.Path.Combine(Path, ShardManifest.IndexName(number));
            if (!File.Exists(ids) && !File.Exists(starts))
                return;
            _storage.Delete(ids);
            _storage.Delete(starts);
        }
    }

    public void Dispose() => _lock.Dispose();

    void Check(ShardOptions options)
    {
        if (!_old.HasIndex)
        {
            throw new DataException($"{Path} is a set of version 1, without an index of documents, and nothing can be added to " +
                "it; pack it anew, or make it a set of this version with `cria data convert`.");
        }

        if (_old.TokenizerSha256 != options.TokenizerSha256)
        {
            throw new DataException($"{Path} was packed with another tokenizer ({_old.TokenizerSha256[..12]}…, and this one is " +
                $"{options.TokenizerSha256[..12]}…); add to it with its own.");
        }

        if (_old.VocabSize != options.VocabSize || _old.EndOfText != options.EndOfText)
        {
            throw new DataException($"{Path} has {_old.VocabSize} ids and {_old.EndOfText} for <|endoftext|>, and this tokenizer " +
                $"{options.VocabSize} and {options.EndOfText}; add to it with its own.");
        }
    }
}
