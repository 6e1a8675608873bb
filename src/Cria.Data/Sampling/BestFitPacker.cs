using System.Numerics;

namespace Cria.Data.Sampling;

/// <summary>
/// Fills sequences of T rows with pieces of documents, none of which is cut again: best-fit decreasing (Johnson 1974; for
/// training sequences Ding et al. 2024, "Fewer truncations improve language modeling"). The longest piece is placed first,
/// each into the sequence where it leaves the least room; there it stands behind those that were placed before it.
/// </summary>
/// <remarks>
/// It looks at 2^20 pieces at a time, in the order of the stream, which bounds the memory of the search; with so many the
/// result is as full as with all of them. Lengths are at most T, so that sorting is counting and a bit for each possible
/// room finds the best fit: the time is proportional to the pieces.
/// </remarks>
sealed class BestFitPacker
{
    const int None = -1;

    readonly int _sequenceLength, _windowSize;
    readonly PackedSequences _packed = new();
    readonly List<Piece> _window = [];

    // Of the sequences that are being filled: open[room] is one with so much room, beside[sequence] another with as much.
    readonly int[] _open;
    readonly ulong[] _rooms; // bit r: open[r] is one

    BestFitPacker(int sequenceLength, int windowSize)
    {
        (_sequenceLength, _windowSize) = (sequenceLength, windowSize);
        _open = new int[sequenceLength + 1];
        _rooms = new ulong[sequenceLength / 64 + 1];
    }

    /// <param name="pieces">In the order of the stream, none longer than a sequence.</param>
    /// <param name="sequenceLength">T</param>
    /// <param name="windowSize">Pieces looked at together.</param>
    public static PackedSequences Pack(IEnumerable<Piece> pieces, int sequenceLength, int windowSize = 1 << 20)
    {
        var packer = new BestFitPacker(sequenceLength, windowSize);
        foreach (Piece piece in pieces)
            packer.Add(piece);
        packer.PackWindow();
        return packer._packed;
    }

    void Add(Piece piece)
    {
        _window.Add(piece);
        if (_window.Count == _windowSize)
            PackWindow();
    }

    void PackWindow()
    {
        int count = _window.Count;
        if (count == 0)
            return;
        _open.AsSpan().Fill(None);
        _rooms.AsSpan().Clear();
        int[] beside = new int[count], last = new int[count], before = new int[count]; // at most as many sequences as pieces
        int sequences = 0;
        foreach (int piece in LongestFirst())
        {
            int length = _window[piece].Length, room = BestRoom(length), sequence;
            if (room == None)
            {
                (room, sequence) = (_sequenceLength, sequences++);
                last[sequence] = None;
            }
            else
            {
                sequence = _open[room];
                SetOpen(room, beside[sequence]);
            }

            (before[piece], last[sequence]) = (last[sequence], piece);
            beside[sequence] = _open[room - length];
            SetOpen(room - length, sequence);
        }

        var (pieces, ends) = (new Piece[count], new int[sequences]);
        int placed = 0;
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            int begin = placed;
            for (int piece = last[sequence]; piece != None; piece = before[piece])
                pieces[placed++] = _window[piece];
            pieces.AsSpan(begin, placed - begin).Reverse(); // it was walked from the piece that came last
            ends[sequence] = placed;
        }

        _packed.Add(pieces, ends);
        _window.Clear();
    }

    // Counting sort; pieces of one length in the order of the stream.
    int[] LongestFirst()
    {
        var next = new int[_sequenceLength + 1];
        foreach (Piece piece in _window)
            next[_sequenceLength - piece.Length]++;
        int place = 0;
        foreach (ref int count in next.AsSpan())
            (count, place) = (place, place + count);
        var order = new int[_window.Count];
        for (int piece = 0; piece < order.Length; piece++)
            order[next[_sequenceLength - _window[piece].Length]++] = piece;
        return order;
    }

    int BestRoom(int length)
    {
        int word = length / 64;
        ulong bits = _rooms[word] & (ulong.MaxValue << (length % 64));
        while (bits == 0)
        {
            if (++word == _rooms.Length)
                return None;
            bits = _rooms[word];
        }

        return word * 64 + BitOperations.TrailingZeroCount(bits);
    }

    void SetOpen(int room, int sequence)
    {
        _open[room] = sequence;
        ulong bit = 1UL << (room % 64);
        _rooms[room / 64] = sequence == None ? _rooms[room / 64] & ~bit : _rooms[room / 64] | bit;
    }
}
