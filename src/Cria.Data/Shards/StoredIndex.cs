using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards;

/// <summary>The index beside the shards (<c>.idx</c>): read where it is asked, never held.</summary>
sealed class StoredIndex : IDocumentIndex
{
    readonly List<(string Path, SafeFileHandle Handle)> _files = [];
    readonly List<long> _firsts = [0]; // _firsts[f] = the first document of file f; one more entry for the end
    readonly long _tokens;

    /// <summary>Opens the index of a set and checks every file's size.</summary>
    public StoredIndex(string folder, ShardManifest manifest)
    {
        _tokens = manifest.Tokens;
        try
        {
            for (int shard = 0; shard < manifest.Shards.Count; shard++)
            {
                long documents = manifest.Shards[shard].Documents;
                string path = Path.Combine(folder, ShardManifest.IndexName(shard));
                _files.Add((path, OpenedFile.Open(path, documents * sizeof(long))));
                _firsts.Add(_firsts[^1] + documents);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Read(long first, Span<long> starts)
    {
        for (int file = FileAt(first); !starts.IsEmpty; file++)
        {
            int count = (int)Math.Min(starts.Length, _firsts[file + 1] - first);
            ReadInside(file, first - _firsts[file], starts[..count]);
            starts = starts[count..];
            first += count;
        }
    }

    public void Dispose()
    {
        foreach ((_, SafeFileHandle handle) in _files)
            handle.Dispose();
    }

    // The last file that begins at or before a document: files in which none begins have the same first.
    int FileAt(long document)
    {
        int low = 0, high = _files.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_firsts[middle] <= document)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    void ReadInside(int file, long first, Span<long> starts)
    {
        (string path, SafeFileHandle handle) = _files[file];
        OpenedFile.Fill(handle, path, first * sizeof(long), MemoryMarshal.AsBytes(starts));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(starts, starts);
        long before = 0;
        foreach (long start in starts)
        {
            if (start <= before || start >= _tokens)
            {
                throw new DataException($"{path} says that a document begins at {start}, after one at {before}, of " +
                    $"{_tokens} tokens; the file is damaged: copy it again or pack the data again.");
            }

            before = start;
        }
    }
}
