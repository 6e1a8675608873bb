using System.Security.Cryptography;

namespace Cria.Data.Shards;

/// <summary>A file being written, hashed on its way to the disk.</summary>
sealed class HashedFile : IDisposable
{
    readonly ShardStorage _storage;
    readonly string _path;
    readonly Stream _stream;
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] _buffer = new byte[1 << 16];
    int _filled;

    /// <summary>Begins a file, or goes on with one that holds at least <paramref name="length"/> bytes: what follows
    /// them goes.</summary>
    public HashedFile(ShardStorage storage, string path, long length)
    {
        (_storage, _path) = (storage, path);
        if (length > 0)
            HashBeginning(length);
        _stream = storage.Open(path, length);
        Length = length;
    }

    /// <summary>Bytes so far, those that wait in memory included.</summary>
    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (bytes.Length > _buffer.Length - _filled)
            Spill();
        if (bytes.Length >= _buffer.Length)
        {
            Pass(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
    }

    /// <summary>Brings everything to the disk.</summary>
    public void Flush()
    {
        Spill();
        try
        {
            _storage.Flush(_stream);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(_path, e);
        }
    }

    /// <summary>Brings everything to the disk, closes the file and returns its SHA-256.</summary>
    public string Finish()
    {
        Flush();
        string hash = Convert.ToHexStringLower(_hash.GetHashAndReset());
        Dispose();
        return hash;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    void Spill()
    {
        Pass(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }

    void Pass(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _hash.AppendData(bytes);
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(_path, e);
        }
    }

    void HashBeginning(long length)
    {
        try
        {
            using FileStream file = File.OpenRead(_path);
            for (long left = length; left > 0;)
            {
                int count = file.Read(_buffer, 0, (int)Math.Min(left, _buffer.Length));
                if (count == 0)
                    throw new EndOfStreamException($"it has {file.Length} bytes, and the journal speaks of {length}");
                _hash.AppendData(_buffer, 0, count);
                left -= count;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{_path} cannot be continued: {e.Message.TrimEnd('.')}; remove the unfinished set and its " +
                "journal, and begin anew.", e);
        }
    }
}
