using System.Runtime.InteropServices;

namespace Cria.Data.Sampling;

/// <summary>
/// Which pieces lie together in which sequence: eight bytes a piece and four a sequence, for the whole of the data.
/// </summary>
sealed class PackedSequences
{
    readonly List<Piece> _pieces = [];
    readonly List<int> _ends = []; // of each sequence, in _pieces

    /// <summary>Sequences.</summary>
    public int Count => _ends.Count;

    public long Pieces => _pieces.Count;

    /// <summary>Rows of all pieces.</summary>
    public long Rows { get; private set; }

    public long SizeInBytes => (long)_pieces.Capacity * sizeof(ulong) + (long)_ends.Capacity * sizeof(int);

    /// <summary>The pieces of a sequence.</summary>
    public ReadOnlySpan<Piece> this[int sequence]
    {
        get
        {
            int begin = sequence == 0 ? 0 : _ends[sequence - 1];
            return CollectionsMarshal.AsSpan(_pieces)[begin.._ends[sequence]];
        }
    }

    /// <summary>Adds to the sequence that is being put together.</summary>
    public void Add(Piece piece)
    {
        if (_pieces.Count == Array.MaxLength)
            throw new DataException($"packing takes {Array.MaxLength} documents or parts of documents, and here are more; use another reader.");
        _pieces.Add(piece);
        Rows += piece.Length;
    }

    /// <summary>Ends the sequence that is being put together.</summary>
    public void Complete() => _ends.Add(_pieces.Count);

    /// <summary>Gives back what growing has taken in advance.</summary>
    public void Trim()
    {
        _pieces.Capacity = _pieces.Count;
        _ends.Capacity = _ends.Count;
    }
}
