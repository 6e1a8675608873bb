using System.Runtime.InteropServices;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// The shingles and places of kept documents that still have a candidate to come. They lie in memory up to a bound and
/// in a temporary file beyond it; even there a document costs some 100 bytes of memory.
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
    public void Add(int document, ulong[] shingles, string place)
    {
        var entry = new Entry(shingles, place, 0, shingles.Length, place.Length);
        if (_memory + entry.SizeInBytes <= memoryBytes)
        {
            _memory += entry.SizeInBytes;
            _entries.Add(document, entry);
            return;
        }

        long offset = _spill.Append(shingles);
        ulong[] letters = new ulong[WordsOf(place.Length)];
        place.CopyTo(MemoryMarshal.Cast<ulong, char>(letters.AsSpan()));
        _spill.Append(letters);
        _entries.Add(document, new Entry(null, null, offset, shingles.Length, place.Length));
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

    /// <summary>Where a document that is here stands in the corpus.</summary>
    public string PlaceOf(int document)
    {
        Entry entry = _entries[document];
        if (entry.Place is { } inMemory)
            return inMemory;
        ulong[] letters = new ulong[WordsOf(entry.Letters)];
        _spill.Read(entry.Offset + ((long)entry.Count * sizeof(ulong)), letters);
        return new string(MemoryMarshal.Cast<ulong, char>(letters.AsSpan())[..entry.Letters]);
    }

    /// <summary>Lets a document go, if it is there.</summary>
    public void Remove(int document)
    {
        if (_entries.Remove(document, out Entry entry) && entry.Shingles is not null)
            _memory -= entry.SizeInBytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Clear();
        _spill.Dispose();
    }

    static int WordsOf(int letters) => ((letters * sizeof(char)) + sizeof(ulong) - 1) / sizeof(ulong);

    readonly record struct Entry(ulong[]? Shingles, string? Place, long Offset, int Count, int Letters)
    {
        const int ObjectHeaders = 64;

        public long SizeInBytes => ((long)Count * sizeof(ulong)) + ((long)Letters * sizeof(char)) + ObjectHeaders;
    }
}
