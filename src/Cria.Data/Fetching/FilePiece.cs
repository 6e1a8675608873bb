namespace Cria.Data.Fetching;

/// <summary>A run of a file's bytes that comes over one connection.</summary>
/// <param name="first">Where it begins.</param>
/// <param name="end">Behind its last byte.</param>
/// <param name="next">The first byte that is still to come.</param>
sealed class FilePiece(long first, long end, long next)
{
    long _next = next;

    public long First => first;

    public long End => end;

    public long Next => Interlocked.Read(ref _next);

    public bool IsWhole => Next == end;

    public void Came(int bytes) => Interlocked.Add(ref _next, bytes);

    /// <summary>A file of so many bytes, cut.</summary>
    public static List<FilePiece> Cut(long length, long pieceBytes)
    {
        List<FilePiece> pieces = [];
        for (long first = 0; first < length; first += pieceBytes)
            pieces.Add(new FilePiece(first, Math.Min(length, first + pieceBytes), first));
        return pieces;
    }
}
