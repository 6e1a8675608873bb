using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards;

/// <summary>Files of ids opened for reading as one stream. All members may be called from many threads.</summary>
/// <remarks>Files are read, not mapped: a file cut while it is mapped ends the process, a read ends in a
/// sentence (docs/decisions/0009-shards-are-read.md).</remarks>
sealed class TokenFiles : IDisposable
{
    readonly List<OpenFile> _files = [];
    readonly List<long> _starts = [0]; // _starts[f] = the offset of file f's first id; one more entry for the end

    public TokenFiles(int vocabSize, int bytesPerToken) => (VocabSize, BytesPerToken) = (vocabSize, bytesPerToken);

    /// <summary>Every id is below this.</summary>
    public int VocabSize { get; }

    /// <summary>What an id takes in the files: 2 or 4.</summary>
    public int BytesPerToken { get; }

    public int Count => _files.Count;

    /// <summary>Ids in all files.</summary>
    public long Tokens => _starts[^1];

    /// <summary>Adds a file whose ids begin at byte <paramref name="header"/>.</summary>
    public void Add(string path, SafeFileHandle handle, long header, long tokens)
    {
        _files.Add(new OpenFile(path, handle, header));
        _starts.Add(_starts[^1] + tokens);
    }

    /// <summary>Copies the ids at [<paramref name="offset"/>, offset + length) without allocating.</summary>
    public void Read(long offset, Span<int> ids)
    {
        int file = FileAt(offset);
        while (!ids.IsEmpty)
        {
            int count = (int)Math.Min(ids.Length, _starts[file + 1] - offset);
            ReadInside(_files[file], offset - _starts[file], ids[..count]);
            ids = ids[count..];
            offset += count;
            file++;
        }
    }

    public void Dispose()
    {
        foreach (OpenFile file in _files)
            file.Handle.Dispose();
    }

    int FileAt(long offset)
    {
        int found = _starts.BinarySearch(offset);
        return found >= 0 ? found : ~found - 1;
    }

    void ReadInside(OpenFile file, long offset, Span<int> ids)
    {
        long position = file.Header + offset * BytesPerToken;
        if (BytesPerToken == sizeof(int))
        {
            OpenedFile.Fill(file.Handle, file.Path, position, MemoryMarshal.AsBytes(ids));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(ids, ids);
        }
        else
        {
            OpenedFile.Fill(file.Handle, file.Path, position, MemoryMarshal.AsBytes(ids)[(2 * ids.Length)..]);
            TokenBytes.Widen(ids);
        }

        CheckIds(file.Path, ids);
    }

    // Kernels index the embedding with these ids and trust them.
    void CheckIds(string path, ReadOnlySpan<int> ids)
    {
        uint greatest = 0;
        foreach (int id in ids)
            greatest = Math.Max(greatest, (uint)id);
        if (greatest >= (uint)VocabSize)
        {
            throw new DataException($"{path} holds the id {greatest}, and the vocabulary has {VocabSize}; " +
                "the file is damaged, or another tokenizer made it: copy it again or pack the data again.");
        }
    }

    readonly record struct OpenFile(string Path, SafeFileHandle Handle, long Header);
}
