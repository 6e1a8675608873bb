using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cria.Data.Shards;

/// <summary>One <c>.bin</c> file being written: ids in little-endian, hashed on their way to the disk.</summary>
sealed class ShardFile(string path, Stream stream, int bytesPerToken) : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] _buffer = new byte[1 << 16];
    int _filled;

    public long Tokens { get; private set; }

    public void Write(ReadOnlySpan<int> tokens)
    {
        foreach (int id in tokens)
        {
            if (bytesPerToken == 2)
                BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_filled), (ushort)id);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_filled), (uint)id);
            _filled += bytesPerToken;
            if (_filled == _buffer.Length)
                Spill();
        }

        Tokens += tokens.Length;
    }

    /// <summary>Brings everything to the disk, closes the file and returns its SHA-256.</summary>
    public string Finish()
    {
        Spill();
        try
        {
            (stream as FileStream)?.Flush(flushToDisk: true);
            stream.Dispose();
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }

        string hash = Convert.ToHexStringLower(_hash.GetHashAndReset());
        _hash.Dispose();
        return hash;
    }

    public void Dispose()
    {
        stream.Dispose();
        _hash.Dispose();
    }

    void Spill()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _filled);
        _hash.AppendData(bytes);
        try
        {
            stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }

        _filled = 0;
    }
}
