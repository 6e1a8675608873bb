namespace Cria.Data.Sampling;

/// <summary>
/// The rows of one epoch: all documents one after another, in a shuffle of its own. Which row belongs to which document follows from
/// sums over every 64th document and a short walk from there, so no order is ever stored.
/// </summary>
/// <param name="documents">In the order of the stream.</param>
/// <param name="key">Of all epochs.</param>
sealed class ShuffledDocuments(Piece[] documents, ulong key)
{
    const int Stride = 64;

    readonly long[] _firstRows = new long[documents.Length / Stride + 1]; // of every document whose place is a multiple of Stride
    KeyedPermutation _order;
    long _epoch = -1;

    /// <summary>Makes the sums of an epoch, if they are not there: time that grows with the number of documents.</summary>
    public void Turn(long epoch)
    {
        if (epoch == _epoch)
            return;
        _order = new KeyedPermutation(KeyedHash.Combine(key, (ulong)epoch), documents.Length);
        long rows = 0;
        for (int place = 0; place < documents.Length; place++)
        {
            if (place % Stride == 0)
                _firstRows[place / Stride] = rows;
            rows += At(place).Length;
        }

        if (documents.Length % Stride == 0)
            _firstRows[^1] = rows;
        _epoch = epoch;
    }

    /// <summary>The document at a place of the epoch's order.</summary>
    public Piece At(long place) => documents[_order[place]];

    /// <summary>Which place a row of the epoch lies in, and how many of its rows come before it.</summary>
    public (long Place, int Within) Find(long row)
    {
        int found = Array.BinarySearch(_firstRows, row), block = found >= 0 ? found : ~found - 1;
        while (block > 0 && _firstRows[block - 1] == row) // a block may be without rows
            block--;
        long place = (long)block * Stride, rest = row - _firstRows[block];
        for (int length = At(place).Length; rest >= length; length = At(place).Length)
        {
            rest -= length;
            place++;
        }

        return (place, (int)rest);
    }
}
