namespace Cria.Data.Sampling;

/// <summary>
/// A stream's documents as pieces of at most T rows, in their order: whole, or cut into pieces of T and a rest. A document's
/// rows are its EndOfText and all its tokens; the target of the last is the EndOfText that ends it.
/// </summary>
static class DocumentPieces
{
    const int AtOnce = 1 << 13;

    /// <exception cref="DataException">The index contradicts itself.</exception>
    public static IEnumerable<Piece> Of(ITokenStream stream, int sequenceLength) => stream.Documents is { } documents
        ? FromIndex(stream, documents, sequenceLength)
        : new DocumentChunks(stream, sequenceLength).Select(chunk => new Piece(chunk.Start, chunk.Length));

    static IEnumerable<Piece> FromIndex(ITokenStream stream, long documents, int sequenceLength)
    {
        var starts = new long[AtOnce + 1];
        for (long first = 0; first < documents; first += AtOnce)
        {
            int count = (int)Math.Min(AtOnce, documents - first);
            stream.ReadDocumentStarts(first, starts.AsSpan(0, count + 1));
            for (int i = 0; i < count; i++)
            {
                (long begin, long end) = (starts[i] - 1, starts[i + 1] - 1);
                if (begin < 0 || end <= begin || end >= stream.Tokens)
                {
                    throw new DataException($"{stream.Name} says that document {first + i} begins at {starts[i]} and the next at " +
                        $"{starts[i + 1]}; check the data with `cria data verify`, or pack it again.");
                }

                for (; begin < end; begin += sequenceLength)
                    yield return new Piece(begin, (int)Math.Min(sequenceLength, end - begin));
            }
        }
    }
}
