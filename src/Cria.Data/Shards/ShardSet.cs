using Cria.Data.Sampling;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards;

/// <summary>
/// A shard set opened for reading: one long stream of ids, whatever files it is cut into. Opening compares every
/// file's size with the manifest; <see cref="Verify"/> compares the hashes. All members may be called from many
/// threads.
/// </summary>
public sealed class ShardSet : ITokenStream, IDisposable
{
    readonly TokenFiles _files;
    IDocumentIndex? _index;

    ShardSet(string folder, ShardManifest manifest, string manifestHash)
    {
        (Folder, Manifest, ManifestHash) = (folder, manifest, manifestHash);
        _files = new TokenFiles(manifest.VocabSize, manifest.BytesPerToken);
    }

    /// <summary>The folder as it was named.</summary>
    public string Folder { get; }

    /// <summary>What the set says of itself.</summary>
    public ShardManifest Manifest { get; }

    /// <summary>Stands for all the data: SHA-256 of the manifest as version 1 of the format wrote it, 64 lower-case
    /// hexadecimal digits.</summary>
    public string ManifestHash { get; }

    /// <summary>Ids in the set.</summary>
    public long Tokens => Manifest.Tokens;

    /// <summary>Bytes of all files but the manifest.</summary>
    public long SizeInBytes => Tokens * Manifest.BytesPerToken + (Manifest.HasIndex ? Documents * sizeof(long) : 0);

    /// <summary>Documents in the set.</summary>
    public long Documents => Manifest.Documents;

    /// <summary>Bytes of the files of ids and of their index.</summary>
    public long Bytes => Tokens * Manifest.BytesPerToken + (Manifest.HasIndex ? Documents * sizeof(long) : 0);

    /// <summary>Every id is below this.</summary>
    public int VocabSize => Manifest.VocabSize;

    /// <summary>The id that opens every document and closes the last.</summary>
    public int EndOfText => Manifest.EndOfText;

    string ITokenStream.Name => Folder;

    int? ITokenStream.EndOfText => EndOfText;

    long? ITokenStream.Documents => Documents;

    string? ITokenStream.TokenizerSha256 => Manifest.TokenizerSha256;

    /// <summary>Opens a shard set and checks the manifest's values and every file's size.</summary>
    /// <exception cref="DataException">No manifest, a value out of range, a file missing, cut or too long.</exception>
    public static ShardSet Open(string folder)
    {
        string path = Path.Combine(folder, ShardManifest.FileName);
        byte[] json = ManifestReader.ReadBytes(path);
        ShardManifest manifest = ManifestReader.Parse(json, path);
        var set = new ShardSet(folder, manifest, manifest.ContentHash);
        try
        {
            foreach (ShardEntry shard in manifest.Shards)
                set.OpenShard(shard);
            set._index = manifest.HasIndex
                ? new StoredIndex(folder, manifest)
                : new ScannedIndex(set, manifest.EndOfText, manifest.Documents);
        }
        catch
        {
            set.Dispose();
            throw;
        }

        return set;
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<int> tokens)
    {
        if (offset < 0 || offset > Tokens - tokens.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{tokens.Length} tokens from there do not lie inside the {Tokens} of {Folder}");
        }

        _files.Read(offset, tokens);
    }

    /// <summary>
    /// Where documents begin: the positions of their first tokens, one after the EndOfText that opens them. Document n
    /// is [start of n, start of n + 1 - 1); one start more than there are documents may be asked for, and is
    /// <see cref="Tokens"/>. Takes no scan; a set of version 1 is scanned when it is first asked, and remembers.
    /// </summary>
    /// <param name="first">The first document, from 0.</param>
    /// <param name="starts">Receives the starts; first + length is at most <see cref="Documents"/> + 1.</param>
    /// <exception cref="DataException">The index can no longer be read, or contradicts itself.</exception>
    public void ReadDocumentStarts(long first, Span<long> starts)
    {
        if (first < 0 || first > Documents + 1 - starts.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first,
                $"{starts.Length} starts from there are more than the {Documents} documents of {Folder} have");
        }

        if (!starts.IsEmpty && first + starts.Length > Documents)
        {
            starts[^1] = Tokens;
            starts = starts[..^1];
        }

        if (!starts.IsEmpty)
            _index!.Read(first, starts);
    }

    /// <summary>Reads every file and compares its SHA-256 with the manifest.</summary>
    /// <param name="progress">Hears how many of the <see cref="SizeInBytes"/> are read.</param>
    /// <param name="cancellation">Asks it to stop.</param>
    /// <exception cref="DataException">A file's content is not what was written, or it cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Verify(IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        long read = 0;
        for (int shard = 0; shard < Manifest.Shards.Count; shard++)
        {
            ShardEntry entry = Manifest.Shards[shard];
            VerifyFile(entry.File, entry.Tokens * Manifest.BytesPerToken, entry.Sha256);
            if (Manifest.HasIndex)
                VerifyFile(ShardManifest.IndexName(shard), entry.Documents * sizeof(long), entry.IndexSha256);
        }

        void VerifyFile(string name, long length, string expected)
        {
            string path = Path.Combine(Folder, name), found = OpenedFile.Sha256(path, length, Advance);
            if (found != expected)
            {
                throw new DataException($"{path} has SHA-256 {found}; the manifest says {expected}; " +
                    "the file was changed or damaged: copy it again or pack the data again.");
            }
        }

        void Advance(int bytes)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(read += bytes);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _index?.Dispose();
    }

    void OpenShard(ShardEntry shard)
    {
        string path = Path.Combine(Folder, shard.File);
        SafeFileHandle handle = OpenedFile.Open(path, shard.Tokens * Manifest.BytesPerToken);
        _files.Add(path, handle, header: 0, shard.Tokens);
    }
}
