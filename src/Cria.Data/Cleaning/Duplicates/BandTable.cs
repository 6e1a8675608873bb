namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// The band keys of all documents, to be read band by band: blocks of documents, inside a block the keys of one band
/// side by side. Blocks lie in memory up to a bound and in a temporary file beyond it.
/// </summary>
/// <param name="bands">Keys of a document.</param>
/// <param name="memoryBytes">The bound.</param>
/// <param name="folder">Where the file goes.</param>
sealed class BandTable(int bands, long memoryBytes, string? folder) : IDisposable
{
    const int BlockDocuments = 4096;

    readonly List<Block> _blocks = [];
    readonly SpillFile _spill = new(folder);
    ulong[] _filling = [];
    long _memory;

    /// <summary>Documents added.</summary>
    public int Documents { get; private set; }

    /// <summary>Bytes in the temporary file.</summary>
    public long SpilledBytes => _spill.SizeInBytes;

    /// <summary>Appends a document by its keys, one a band; 0 for a document that has no shingle.</summary>
    public void Add(ReadOnlySpan<ulong> keys)
    {
        if (Documents == Array.MaxLength)
            throw new DataException($"The corpus has more than {Documents} documents; look for near-duplicates in parts of it.");
        int row = Documents % BlockDocuments;
        if (row == 0)
            _filling = new ulong[bands * BlockDocuments];
        for (int band = 0; band < bands; band++)
            _filling[(band * BlockDocuments) + row] = keys[band];
        Documents++;
        if (row + 1 == BlockDocuments)
            Seal();
    }

    /// <summary>After the last document.</summary>
    public void Complete()
    {
        if (Documents % BlockDocuments != 0)
            Seal();
        _filling = [];
    }

    /// <summary>The documents and keys of one band whose key falls into one of equal parts of all keys.</summary>
    /// <param name="band">Which.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="keys">Receives the keys.</param>
    /// <param name="documents">Receives the documents, in their order.</param>
    public void Read(int band, int part, int parts, List<ulong> keys, List<int> documents)
    {
        ulong[] column = new ulong[BlockDocuments];
        for (int block = 0; block < _blocks.Count; block++)
        {
            int first = block * BlockDocuments, count = Math.Min(BlockDocuments, Documents - first);
            ReadOnlySpan<ulong> rows = Column(_blocks[block], band, column)[..count];
            for (int row = 0; row < count; row++)
            {
                if (rows[row] == 0 || (parts > 1 && (int)Math.BigMul(rows[row], (ulong)parts, out _) != part))
                    continue;
                keys.Add(rows[row]);
                documents.Add(first + row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Clear();
        _spill.Dispose();
    }

    void Seal()
    {
        long size = (long)_filling.Length * sizeof(ulong);
        if (_memory + size <= memoryBytes)
        {
            _memory += size;
            _blocks.Add(new Block(_filling, 0));
            return;
        }

        _blocks.Add(new Block(null, _spill.Append(_filling)));
    }

    ReadOnlySpan<ulong> Column(Block block, int band, ulong[] buffer)
    {
        if (block.Keys is { } keys)
            return keys.AsSpan(band * BlockDocuments, BlockDocuments);
        _spill.Read(block.Offset + ((long)band * BlockDocuments * sizeof(ulong)), buffer);
        return buffer;
    }

    readonly record struct Block(ulong[]? Keys, long Offset);
}
