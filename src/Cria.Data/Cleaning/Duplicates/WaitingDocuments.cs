namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// The shingles of kept documents that still have a candidate to come. They lie in memory up to a bound and in a
/// temporary file beyond it, where a document costs 48 bytes of memory.
/// </summary>
/// <param name="memoryBytes">The bound.</param>
/// <param name="folder">Where the file goes.</param>
sealed class WaitingDocuments(long memoryBytes, string? folder) : IDisposable
{
    readonly Dictionary<int, Entry> _entries = [];
    readonly SpillFile _spill = new(folder);
    long _memory;
    ulong[] _buffer = [];

    /// <summary>Bytes in the temporary file.</summary>
    public long SpilledBytes => _spill.SizeInBytes;

    /// <summary>Puts a document in.</summary>
    public void Add(int document, ulong[] shingles)
    {
        long size = (long)shingles.Length * sizeof(ulong);
        bool fits = _memory + size <= memoryBytes;
        _memory += fits ? size : 0;
        _entries.Add(document, fits ? new Entry(shingles, 0, shingles.Length) : new Entry(null, _spill.Append(shingles), shingles.Length));
    }

    /// <summary>The shingles of a document, valid until the next call; false if it was not kept.</summary>
    public bool TryGet(int document, out ReadOnlySpan<ulong> shingles)
    {
        shingles = default;
        if (!_entries.TryGetValue(document, out Entry entry))
            return false;
        if (entry.Shingles is { } inMemory)
        {
            shingles = inMemory;
            return true;
        }

        if (_buffer.Length < entry.Count)
            _buffer = new ulong[entry.Count];
        Span<ulong> read = _buffer.AsSpan(0, entry.Count);
        _spill.Read(entry.Offset, read);
        shingles = read;
        return true;
    }

    /// <summary>Lets a document go, if it is there.</summary>
    public void Remove(int document)
    {
        if (_entries.Remove(document, out Entry entry) && entry.Shingles is { } inMemory)
            _memory -= (long)inMemory.Length * sizeof(ulong);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Clear();
        _spill.Dispose();
    }

    readonly record struct Entry(ulong[]? Shingles, long Offset, int Count);
}
