using System.Runtime.InteropServices;

namespace Cria.Data.Shards.Packing;

/// <summary>Documents as ids, one after the other as they will lie in the file. Used again and again.</summary>
sealed class PackedDocuments(int bytesPerToken)
{
    const int MostKept = 4 << 20; // one long document must not keep its memory for ever

    readonly List<(int Tokens, int TextBytes)> _documents = [];
    byte[] _ids = [];
    int _filled;

    /// <summary>What the ids take.</summary>
    public int Bytes => _filled;

    public void Add(ReadOnlySpan<int> ids, int textBytes)
    {
        int length = checked(ids.Length * bytesPerToken);
        if (length > _ids.Length - _filled)
            Grow(length);
        TokenBytes.Write(ids, _ids.AsSpan(_filled, length));
        _filled += length;
        _documents.Add((ids.Length, textBytes));
    }

    public void AddTo(ShardFiles files)
    {
        ReadOnlySpan<byte> rest = _ids.AsSpan(0, _filled);
        foreach ((int tokens, int textBytes) in CollectionsMarshal.AsSpan(_documents))
        {
            int length = tokens * bytesPerToken;
            files.Add(rest[..length], textBytes);
            rest = rest[length..];
        }
    }

    public void Clear()
    {
        _documents.Clear();
        _filled = 0;
        if (_ids.Length > MostKept)
            _ids = [];
    }

    void Grow(int length)
    {
        long needed = (long)_filled + length;
        if (needed > Array.MaxLength)
        {
            throw new DataException($"One block of documents has more than {Array.MaxLength} bytes of tokens; " +
                "cut its documents into smaller ones.");
        }

        // A first long document gets what it needs and no more.
        int size = _filled == 0 ? (int)needed : (int)Math.Min(Math.Max(needed, 2L * _ids.Length), Array.MaxLength);
        byte[] larger = GC.AllocateUninitializedArray<byte>(size);
        _ids.AsSpan(0, _filled).CopyTo(larger);
        _ids = larger;
    }
}
