using System.Buffers.Binary;

namespace Cria.Data.Shards;

/// <summary>One shard being written: the ids in <c>.bin</c>, the starts of the documents that begin in it in
/// <c>.idx</c>.</summary>
sealed class ShardFile : IDisposable
{
    readonly int _number;
    readonly int _bytesPerToken;
    readonly HashedFile _ids, _starts;

    /// <summary>Begins shard <paramref name="number"/>, or goes on with what <paramref name="kept"/> says of it.</summary>
    public ShardFile(ShardStorage storage, string folder, int number, int bytesPerToken, OpenShard kept)
    {
        (_number, _bytesPerToken) = (number, bytesPerToken);
        _ids = new HashedFile(storage, Path.Combine(folder, ShardManifest.ShardName(number)), kept.Tokens * bytesPerToken);
        try
        {
            string index = Path.Combine(folder, ShardManifest.IndexName(number));
            _starts = new HashedFile(storage, index, kept.Documents * sizeof(long));
        }
        catch
        {
            _ids.Dispose();
            throw;
        }
    }

    public long Tokens => _ids.Length / _bytesPerToken;

    public long Documents => _starts.Length / sizeof(long);

    /// <summary>Ids as they lie in the file.</summary>
    public void Write(ReadOnlySpan<byte> ids) => _ids.Write(ids);

    /// <summary>A document's first token comes next, at this position of the stream.</summary>
    public void BeginDocument(long position)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position);
        _starts.Write(bytes);
    }

    /// <summary>Brings everything to the disk.</summary>
    public void Flush()
    {
        _ids.Flush();
        _starts.Flush();
    }

    /// <summary>Brings everything to the disk and closes the files.</summary>
    public ShardEntry Finish()
    {
        (long tokens, long documents) = (Tokens, Documents);
        return new ShardEntry(ShardManifest.ShardName(_number), tokens, _ids.Finish())
        {
            Documents = documents,
            IndexSha256 = _starts.Finish(),
        };
    }

    public void Dispose()
    {
        _ids.Dispose();
        _starts.Dispose();
    }
}

/// <summary>How much of a shard is written, while it is not full.</summary>
/// <param name="Tokens">Ids in it.</param>
/// <param name="Documents">Documents that begin in it.</param>
readonly record struct OpenShard(long Tokens, long Documents);
