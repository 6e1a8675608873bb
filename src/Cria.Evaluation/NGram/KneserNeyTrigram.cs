namespace Cria.Evaluation.NGram;

/// <summary>
/// An interpolated modified Kneser–Ney trigram over token ids (Chen and Goodman 1998, section 3): the classical model a
/// neural one has to beat on the same tokens. True counts at the highest order, continuation counts below, the unigrams
/// interpolated with the uniform distribution over the vocabulary; so every history has a distribution that sums to one
/// and gives no token zero. Immutable: any number of threads may ask.
/// </summary>
public sealed class KneserNeyTrigram
{
    readonly int _endOfText;
    readonly HistoryIndex _histories;
    readonly FollowerTable _trigrams;
    readonly FollowerTable _bigrams;
    readonly double[] _unigrams; // (V): finished probabilities

    internal KneserNeyTrigram(
        int vocabSize, int endOfText, int tokens, HistoryIndex histories, FollowerTable trigrams, FollowerTable bigrams,
        ReadOnlySpan<int> continuations)
    {
        (VocabSize, _endOfText, TrainingTokens) = (vocabSize, endOfText, tokens);
        (_histories, _trigrams, _bigrams) = (histories, trigrams, bigrams);
        _unigrams = Unigrams(continuations);
    }

    public int VocabSize { get; }

    /// <summary>The targets the model was counted on.</summary>
    public int TrainingTokens { get; }

    public int DistinctTrigrams => _trigrams.Entries;

    public int DistinctBigrams => _bigrams.Entries;

    public long SizeInBytes =>
        _histories.SizeInBytes + _trigrams.SizeInBytes + _bigrams.SizeInBytes + (8L * _unigrams.Length);

    /// <summary>Counts documents (each: EndOfText, tokens, EndOfText) and builds the model.
    /// <see cref="TrigramCounter"/> does the same a span at a time.</summary>
    public static KneserNeyTrigram Train(IEnumerable<int[]> documents, int vocabSize, int endOfText)
    {
        var counter = new TrigramCounter(vocabSize, endOfText);
        foreach (int[] document in documents)
            counter.Add(document);
        return counter.Build();
    }

    /// <summary>
    /// ln P(c | a, b), in nats, at most 0. A history does not reach back across EndOfText: where b is EndOfText, a is
    /// taken to be EndOfText too, as at the start of a document.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id outside the vocabulary.</exception>
    public double LogProbability(int a, int b, int c)
    {
        Check(a);
        Check(b);
        Check(c);
        return Math.Log(Probability(a, b, c));
    }

    /// <summary>The nats of every token after the first, summed: −ln P(tokens after the first | the first). A document
    /// is EndOfText, its tokens, EndOfText. Fewer than two tokens cost nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id outside the vocabulary.</exception>
    public double Nats(ReadOnlySpan<int> documentTokens)
    {
        foreach (int token in documentTokens)
            Check(token);

        double nats = 0;
        for (int i = 1; i < documentTokens.Length; i++)
        {
            int a = i == 1 ? _endOfText : documentTokens[i - 2];
            nats -= Math.Log(Probability(a, documentTokens[i - 1], documentTokens[i]));
        }

        return nats;
    }

    double Probability(int a, int b, int c)
    {
        double p = _bigrams.Interpolate(b, c, _unigrams[c]);
        int row = _histories.Find(b == _endOfText ? b : a, b);
        return row < 0 ? p : _trigrams.Interpolate(row, c, p);
    }

    static double[] Unigrams(ReadOnlySpan<int> continuations)
    {
        var discounts = Discounts.From(continuations);
        (long total, double uniformWeight) = FollowerTable.Summary(continuations, discounts);
        double[] probabilities = new double[continuations.Length];
        double uniform = uniformWeight / continuations.Length;
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] = uniform + ((continuations[i] - discounts.Of(continuations[i])) / Math.Max(total, 1));
        return probabilities;
    }

    void Check(int token)
    {
        if ((uint)token >= (uint)VocabSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(token),
                $"Token id {token} is outside the vocabulary of {VocabSize}; was another tokenizer used?");
        }
    }
}
