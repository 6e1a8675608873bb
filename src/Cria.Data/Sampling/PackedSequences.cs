namespace Cria.Data.Sampling;

/// <summary>
/// Which pieces lie together in which sequence: eight bytes a piece and four a sequence, for the whole of the data. It grows
/// by blocks, each of the size it needs, so that nothing is copied.
/// </summary>
sealed class PackedSequences
{
    readonly List<(Piece[] Pieces, int[] Ends)> _blocks = []; // the end of each sequence among its block's pieces
    readonly List<long> _firsts = []; // the first sequence of each block

    /// <summary>Sequences.</summary>
    public long Count { get; private set; }

    public long Pieces { get; private set; }

    /// <summary>Rows of all pieces.</summary>
    public long Rows { get; private set; }

    public long SizeInBytes => Pieces * sizeof(ulong) + Count * sizeof(int);

    /// <summary>The pieces of a sequence.</summary>
    public ReadOnlySpan<Piece> this[long sequence]
    {
        get
        {
            int found = _firsts.BinarySearch(sequence), block = found >= 0 ? found : ~found - 1;
            (Piece[] pieces, int[] ends) = _blocks[block];
            int index = (int)(sequence - _firsts[block]);
            return pieces.AsSpan((index == 0 ? 0 : ends[index - 1])..ends[index]);
        }
    }

    /// <summary>Adds sequences, at least one.</summary>
    /// <param name="pieces">One sequence's after the other's.</param>
    /// <param name="ends">Where each sequence ends among them.</param>
    public void Add(Piece[] pieces, int[] ends)
    {
        _blocks.Add((pieces, ends));
        _firsts.Add(Count);
        Count += ends.Length;
        Pieces += pieces.Length;
        foreach (Piece piece in pieces)
            Rows += piece.Length;
    }
}
