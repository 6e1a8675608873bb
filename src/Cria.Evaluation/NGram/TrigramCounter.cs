namespace Cria.Evaluation.NGram;

/// <summary>
/// Collects the trigrams of a stream of documents and builds a <see cref="KneserNeyTrigram"/> of them. A trigram is one
/// 64-bit key of three 21-bit ids, so counting is sorting; peak memory is about 24 bytes a token.
/// </summary>
public sealed class TrigramCounter
{
    const int IdBits = 21;
    const ulong IdMask = (1UL << IdBits) - 1;

    readonly int _vocabSize;
    readonly int _endOfText;
    ulong[] _keys = new ulong[1 << 12];
    int _count;

    /// <param name="vocabSize">The number of token ids; at most 2,097,152 (21 bits).</param>
    /// <param name="endOfText">The id that opens and closes every document.</param>
    /// <exception cref="ArgumentOutOfRangeException">A vocabulary that is empty or too large, or an id outside it.
    /// </exception>
    public TrigramCounter(int vocabSize, int endOfText)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabSize, 1 << IdBits);
        ArgumentOutOfRangeException.ThrowIfNegative(endOfText);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(endOfText, vocabSize);
        (_vocabSize, _endOfText) = (vocabSize, endOfText);
    }

    /// <summary>The targets counted so far.</summary>
    public int Tokens => _count;

    /// <summary>
    /// Counts one document: EndOfText, its tokens, EndOfText. The first token is history only. No history reaches back
    /// across an EndOfText, so a stream of documents that share their EndOfText may be given as one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A token id outside the vocabulary.</exception>
    public void Add(ReadOnlySpan<int> document)
    {
        if (document.Length < 2)
            return;

        Reserve(document.Length - 1);
        int a = _endOfText, b = Checked(document[0]);
        foreach (int token in document[1..])
        {
            if (b == _endOfText)
                a = _endOfText;
            int c = Checked(token);
            _keys[_count++] = ((ulong)a << (2 * IdBits)) | ((ulong)b << IdBits) | (uint)c;
            (a, b) = (b, c);
        }
    }

    /// <summary>Builds the model and empties the counter. With nothing counted the model is uniform.</summary>
    public KneserNeyTrigram Build()
    {
        ulong[] keys = _keys;
        int count = _count;
        (_keys, _count) = ([], 0);
        keys.AsSpan(0, count).Sort();

        (HistoryIndex histories, FollowerTable trigrams, ulong[] distinctPairs) = Trigrams(keys.AsSpan(0, count));
        (FollowerTable bigrams, int[] continuations) = Bigrams(distinctPairs);
        return new KneserNeyTrigram(_vocabSize, _endOfText, count, histories, trigrams, bigrams, continuations);
    }

    // The highest order has true counts. Each distinct trigram (a, b, c) leaves one key (b, c): how often a pair occurs
    // among those is its continuation count, the number of different tokens before it.
    (HistoryIndex, FollowerTable, ulong[]) Trigrams(ReadOnlySpan<ulong> sorted)
    {
        (int rows, int entries) = Distinct(sorted);
        int[] firstStarts = new int[_vocabSize + 1], seconds = new int[rows];
        int[] starts = new int[rows + 1], tokens = new int[entries], counts = new int[entries];
        ulong[] pairs = new ulong[entries];

        int row = -1, entry = -1;
        ulong previous = ulong.MaxValue;
        foreach (ulong key in sorted)
        {
            if (key != previous)
            {
                if (row < 0 || key >> IdBits != previous >> IdBits)
                {
                    starts[++row] = entry + 1;
                    seconds[row] = (int)((key >> IdBits) & IdMask);
                    firstStarts[(int)(key >> (2 * IdBits)) + 1]++;
                }

                tokens[++entry] = (int)(key & IdMask);
                pairs[entry] = key & ((1UL << (2 * IdBits)) - 1);
                previous = key;
            }

            counts[entry]++;
        }

        starts[rows] = entries;
        Accumulate(firstStarts);
        return (new HistoryIndex(firstStarts, seconds), new FollowerTable(starts, tokens, counts), pairs);
    }

    (FollowerTable, int[]) Bigrams(ulong[] pairs)
    {
        Array.Sort(pairs);
        int entries = Distinct(pairs).Entries;
        int[] starts = new int[_vocabSize + 1], tokens = new int[entries], counts = new int[entries];
        int[] continuations = new int[_vocabSize];

        int entry = -1;
        ulong previous = ulong.MaxValue;
        foreach (ulong pair in pairs)
        {
            if (pair != previous)
            {
                int token = (int)(pair & IdMask);
                tokens[++entry] = token;
                starts[(int)(pair >> IdBits) + 1]++;
                continuations[token]++;
                previous = pair;
            }

            counts[entry]++;
        }

        Accumulate(starts);
        return (new FollowerTable(starts, tokens, counts), continuations);
    }

    static (int Rows, int Entries) Distinct(ReadOnlySpan<ulong> sorted)
    {
        int rows = 0, entries = 0;
        ulong previous = ulong.MaxValue;
        foreach (ulong key in sorted)
        {
            if (key == previous)
                continue;
            if (entries == 0 || key >> IdBits != previous >> IdBits)
                rows++;
            entries++;
            previous = key;
        }

        return (rows, entries);
    }

    static void Accumulate(int[] starts)
    {
        for (int i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
    }

    int Checked(int token) => (uint)token < (uint)_vocabSize
        ? token
        : throw new ArgumentOutOfRangeException(
            nameof(token), $"Token id {token} is outside the vocabulary of {_vocabSize}; was another tokenizer used?");

    void Reserve(int more)
    {
        long needed = (long)_count + more;
        if (needed > _keys.Length)
            Array.Resize(ref _keys, (int)Math.Min(Array.MaxLength, Math.Max(needed, _keys.Length * 2L)));
    }
}
