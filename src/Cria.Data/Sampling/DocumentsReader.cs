namespace Cria.Data.Sampling;

/// <summary>
/// Every epoch puts the documents into another order and cuts the text that this gives into windows of T tokens: a token meets other
/// neighbours each time, and windows begin elsewhere. Fewer than T tokens of an epoch are not used.
/// </summary>
/// <remarks>It keeps eight bytes a document, and sums over every 64th in the order of the two epochs read last.</remarks>
sealed class DocumentsReader : ISampleReader
{
    readonly TokenRing _ring;
    readonly bool _masks;
    readonly ShuffledDocuments[] _epochs; // by the epoch's parity
    readonly Lock _lock = new();

    /// <exception cref="DataException">The stream has no documents, or is shorter than a sample.</exception>
    public DocumentsReader(ITokenStream stream, int sequenceLength, ulong seed, bool cutsDocuments)
    {
        (_ring, _masks, SequenceLength) = (new TokenRing(stream), cutsDocuments, sequenceLength);
        if (stream.EndOfText is null)
            throw new DataException($"{stream.Name} does not say which token separates documents, so they cannot be shuffled; take the reader permutation.");
        if (stream.Tokens > Piece.MaxStart)
            throw new DataException($"{stream.Name} holds {stream.Tokens} tokens; documents of at most {Piece.MaxStart} are shuffled; use another reader.");
        Piece[] documents = stream.Tokens < 2 ? [] : [.. DocumentPieces.Of(stream, Piece.MaxLength)];
        SamplesPerEpoch = documents.Sum(document => (long)document.Length) / sequenceLength;
        if (SamplesPerEpoch == 0)
            throw _ring.TooShort(sequenceLength, sequenceLength + 1L, Math.Max(1, stream.Tokens - 1));
        ulong key = KeyedHash.Combine(seed, _ring.Key);
        _epochs = [new ShuffledDocuments(documents, key), new ShuffledDocuments(documents, key)];
    }

    public string ManifestHash => _ring.Stream.ManifestHash;

    public int SequenceLength { get; }

    public long SamplesPerEpoch { get; }

    public double Utilization => 1;

    public long CountTargets(long firstSample, long count) => count * SequenceLength;

    public int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts)
    {
        SampleSpans.Check(SequenceLength, firstSample, count, tokens, targets, starts);
        int segments = 0;
        lock (_lock)
        {
            for (int i = 0; i < count; i++)
            {
                (long epoch, long index) = Math.DivRem(firstSample + i, SamplesPerEpoch);
                ShuffledDocuments documents = _epochs[epoch & 1];
                documents.Turn(epoch);
                Read(documents, index * SequenceLength, i * SequenceLength, tokens, targets, starts, ref segments);
            }
        }

        return segments;
    }

    void Read(ShuffledDocuments documents, long from, int row, Span<int> tokens, Span<int> targets, Span<int> starts, ref int segments)
    {
        int begin = row, end = row + SequenceLength;
        (long place, int within) = documents.Find(from);
        for (; row < end; within = 0, place++)
        {
            Piece document = documents.At(place);
            int length = Math.Min(document.Length - within, end - row);
            if (length == 0)
                continue;
            if (_masks || row == begin)
                starts[segments++] = row;
            _ring.Read(document.Start + within, tokens.Slice(row, length), targets.Slice(row, length));
            row += length;
        }
    }
}
