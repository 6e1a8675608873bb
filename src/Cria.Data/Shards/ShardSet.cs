using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cria.Data.Sampling;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards;

/// <summary>
/// A shard set opened for reading: one long stream of ids, whatever files it is cut into. Opening compares every
/// file's size with the manifest; <see cref="Verify"/> compares the hashes. All members may be called from many
/// threads.
/// </summary>
/// <remarks>Files are read, not mapped: a file cut while it is mapped ends the process, a read ends in a
/// sentence.</remarks>
public sealed class ShardSet : ITokenStream, IDisposable
{
    readonly SafeFileHandle[] _handles;
    readonly long[] _starts; // _starts[s] = the offset of shard s's first token; one more entry for the end

    ShardSet(string folder, ShardManifest manifest, string manifestHash)
    {
        (Folder, Manifest, ManifestHash) = (folder, manifest, manifestHash);
        _handles = new SafeFileHandle[manifest.Shards.Count];
        _starts = new long[manifest.Shards.Count + 1];
    }

    /// <summary>The folder as it was named.</summary>
    public string Folder { get; }

    /// <summary>What the set says of itself.</summary>
    public ShardManifest Manifest { get; }

    /// <summary>SHA-256 of the bytes of manifest.json: 64 lower-case hexadecimal digits. It stands for all the
    /// data.</summary>
    public string ManifestHash { get; }

    /// <summary>Ids in the set.</summary>
    public long Tokens => Manifest.Tokens;

    string ITokenStream.Name => Folder;

    int ITokenStream.VocabSize => Manifest.VocabSize;

    int? ITokenStream.EndOfText => Manifest.EndOfText;

    long? ITokenStream.Documents => Manifest.Documents;

    string? ITokenStream.TokenizerSha256 => Manifest.TokenizerSha256;

    /// <summary>Opens a shard set and checks the manifest's values and every file's size.</summary>
    /// <exception cref="DataException">No manifest, a value out of range, a file missing, cut or too long.</exception>
    public static ShardSet Open(string folder)
    {
        string path = Path.Combine(folder, ShardManifest.FileName);
        byte[] json = ManifestReader.ReadBytes(path);
        ShardManifest manifest = ManifestReader.Parse(json, path);
        var set = new ShardSet(folder, manifest, Convert.ToHexStringLower(SHA256.HashData(json)));
        try
        {
            for (int shard = 0; shard < manifest.Shards.Count; shard++)
                set.OpenShard(shard);
        }
        catch
        {
            set.Dispose();
            throw;
        }

        return set;
    }

    /// <summary>Copies the ids at [<paramref name="offset"/>, offset + length) without allocating.</summary>
    /// <param name="offset">Position in the stream, from 0.</param>
    /// <param name="tokens">Receives the ids; all of them must lie inside the set.</param>
    /// <exception cref="DataException">A file can no longer be read, or holds an id outside the vocabulary.</exception>
    public void Read(long offset, Span<int> tokens)
    {
        if (offset < 0 || offset > Tokens - tokens.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{tokens.Length} tokens from there do not lie inside the {Tokens} of {Folder}");
        }

        int shard = ShardAt(offset);
        while (!tokens.IsEmpty)
        {
            int count = (int)Math.Min(tokens.Length, _starts[shard + 1] - offset);
            ReadInside(shard, offset - _starts[shard], tokens[..count]);
            tokens = tokens[count..];
            offset += count;
            shard++;
        }
    }

    /// <summary>Reads every file and compares its SHA-256 with the manifest.</summary>
    /// <exception cref="DataException">A file's content is not what was written.</exception>
    public void Verify()
    {
        foreach (ShardEntry shard in Manifest.Shards)
        {
            string path = Path.Combine(Folder, shard.File);
            using FileStream file = File.OpenRead(path);
            string found = Convert.ToHexStringLower(SHA256.HashData(file));
            if (found != shard.Sha256)
            {
                throw new DataException($"{path} has SHA-256 {found}; the manifest says {shard.Sha256}; " +
                    "the file was changed or damaged: copy it again or pack the data again.");
            }
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle? handle in _handles)
            handle?.Dispose();
    }

    void OpenShard(int index)
    {
        ShardEntry shard = Manifest.Shards[index];
        string path = Path.Combine(Folder, shard.File);
        _starts[index + 1] = _starts[index] + shard.Tokens;
        try
        {
            _handles[index] = File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (FileNotFoundException e)
        {
            throw new DataException(
                $"{path} is missing, and the manifest names it; copy the whole folder again or pack the data again.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }

        long expected = shard.Tokens * Manifest.BytesPerToken;
        long found = RandomAccess.GetLength(_handles[index]);
        if (found != expected)
        {
            throw new DataException($"{path} has {found} bytes, and the manifest expects {expected}; " +
                "the file is not whole: copy it again or pack the data again.");
        }
    }

    int ShardAt(long offset)
    {
        int found = Array.BinarySearch(_starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    void ReadInside(int shard, long offset, Span<int> tokens)
    {
        if (Manifest.BytesPerToken == 4)
        {
            Fill(shard, offset * 4, MemoryMarshal.AsBytes(tokens));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(tokens, tokens);
        }
        else
        {
            // The halves lie in the upper part of the caller's span and widen downwards: id i is written at bytes
            // 4i..4i+3, never beyond the next half to be read, so no second buffer is needed.
            Span<byte> upper = MemoryMarshal.AsBytes(tokens)[(2 * tokens.Length)..];
            Fill(shard, offset * 2, upper);
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = BinaryPrimitives.ReadUInt16LittleEndian(upper[(2 * i)..]);
        }

        CheckIds(shard, tokens);
    }

    void Fill(int shard, long position, Span<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = RandomAccess.Read(_handles[shard], bytes, position);
                if (count == 0)
                    throw new EndOfStreamException("it was cut after it was opened");
                bytes = bytes[count..];
                position += count;
            }
        }
        catch (IOException e)
        {
            string path = Path.Combine(Folder, Manifest.Shards[shard].File);
            throw new DataException(
                $"{path} could not be read at byte {position}: {e.Message.TrimEnd('.')}; copy it again.", e);
        }
    }

    // Kernels index the embedding with these ids and trust them.
    void CheckIds(int shard, ReadOnlySpan<int> tokens)
    {
        uint greatest = 0;
        foreach (int id in tokens)
            greatest = Math.Max(greatest, (uint)id);
        if (greatest >= (uint)Manifest.VocabSize)
        {
            throw new DataException(
                $"{Path.Combine(Folder, Manifest.Shards[shard].File)} holds the id {greatest}, and " +
                $"the vocabulary has {Manifest.VocabSize}; the file is damaged: copy it again or pack the data again.");
        }
    }
}
