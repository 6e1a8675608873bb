namespace Cria.Data.Sampling;

/// <summary>
/// Whole documents side by side: sequences of T rows filled with documents that are not cut, unless they are longer than T,
/// each a segment of its own. Every token of every document is read once an epoch, and every epoch takes the sequences in
/// its own shuffle. Rows that nothing fits into hold EndOfText and have no target.
/// </summary>
/// <remarks>The plan is made once, from the index of documents or, where there is none, from one pass over the stream, and
/// kept: <see cref="PlanBytes"/>.</remarks>
public sealed class PackedReader : ISampleReader
{
    readonly TokenRing _ring;
    readonly PackedSequences _sequences;
    readonly int _filler;
    readonly ulong _key;

    /// <summary>Packs the documents of a stream, which the caller keeps open.</summary>
    /// <exception cref="DataException">The stream has no documents, or more tokens than can be counted here.</exception>
    public PackedReader(ITokenStream stream, int sequenceLength, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequenceLength, Piece.MaxLength);
        _ring = new TokenRing(stream);
        _filler = stream.EndOfText ?? throw new DataException($"{stream.Name} does not say which token separates documents, so they " +
            "cannot be packed; take the reader permutation.");
        if (stream.Tokens < 2 || stream.Tokens > Piece.MaxStart)
            throw new DataException($"{stream.Name} holds {stream.Tokens} tokens; packing takes 2 to {Piece.MaxStart}; use another reader.");
        SequenceLength = sequenceLength;
        _key = KeyedHash.Combine(seed, _ring.Key);
        _sequences = BestFitPacker.Pack(DocumentPieces.Of(stream, sequenceLength), sequenceLength);
    }

    /// <inheritdoc/>
    public string ManifestHash => _ring.Stream.ManifestHash;

    /// <inheritdoc/>
    public int SequenceLength { get; }

    /// <inheritdoc/>
    public long SamplesPerEpoch => _sequences.Count;

    /// <inheritdoc/>
    public double Utilization => _sequences.Rows / ((double)_sequences.Count * SequenceLength);

    /// <summary>Documents, and parts of those longer than a sequence.</summary>
    public long Pieces => _sequences.Pieces;

    /// <summary>Memory that the plan keeps: eight bytes a piece and four a sequence.</summary>
    public long PlanBytes => _sequences.SizeInBytes;

    /// <inheritdoc/>
    public long CountTargets(long firstSample, long count)
    {
        long rows = 0;
        for (long sample = firstSample; sample < firstSample + count; sample++)
        {
            foreach (Piece piece in Sequence(sample))
                rows += piece.Length;
        }

        return rows;
    }

    /// <inheritdoc/>
    public int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts)
    {
        SampleSpans.Check(SequenceLength, firstSample, count, tokens, targets, starts);
        int segments = 0;
        for (int i = 0; i < count; i++)
        {
            int row = i * SequenceLength, end = row + SequenceLength;
            foreach (Piece piece in Sequence(firstSample + i))
            {
                starts[segments++] = row;
                _ring.Read(piece.Start, tokens.Slice(row, piece.Length), targets.Slice(row, piece.Length));
                row += piece.Length;
            }

            if (row == end)
                continue;
            starts[segments++] = row;
            tokens[row..end].Fill(_filler);
            targets[row..end].Fill(ISampleReader.NoTarget);
        }

        return segments;
    }

    ReadOnlySpan<Piece> Sequence(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, SamplesPerEpoch);
        return _sequences[new KeyedPermutation(KeyedHash.Combine(_key, (ulong)epoch), SamplesPerEpoch)[index]];
    }
}
