using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Scoring;

namespace Cria.Evaluation.Pairs;

/// <summary>Minimal pairs in BLiMP's way: a pair is won when the whole good text has the higher likelihood, summed
/// over its tokens and not averaged. A context token goes before each text and none after it. The pairs are tokenized once
/// and may be put to any number of scorers that share the tokenizer; texts of the same tokens are scored once.
/// </summary>
public sealed class MinimalPairs
{
    /// <summary>Texts handed over at a time: between two such parts somebody may look at the progress, or stop.</summary>
    const int Together = 4096;

    readonly IReadOnlyList<PairItem> _pairs;
    readonly List<int[]> _distinct = []; // in the order of their tokens, so that neighbours begin alike
    readonly int[] _places; // good, bad, good, bad, …: where among the distinct

    /// <exception cref="DataException">The tokenizer has no such token for a context, or a pair has an empty text.
    /// </exception>
    public MinimalPairs(ITokenizer tokenizer, IReadOnlyList<PairItem> pairs, PairOptions? options = null)
    {
        options ??= new();
        int[] context = Context(tokenizer, options.Context);
        string space = options.LeadingSpace ? " " : "";
        _pairs = pairs;
        int[][] sequences = new int[2 * pairs.Count][];
        for (int i = 0; i < pairs.Count; i++)
        {
            Check(pairs[i], i);
            sequences[2 * i] = [.. context, .. tokenizer.Encode(space + pairs[i].Good)];
            sequences[(2 * i) + 1] = [.. context, .. tokenizer.Encode(space + pairs[i].Bad)];
        }

        _places = new int[sequences.Length];
        int[] order = [.. Enumerable.Range(0, sequences.Length)];
        order.AsSpan().Sort((a, b) => sequences[a].AsSpan().SequenceCompareTo(sequences[b]));
        foreach (int i in order)
        {
            if (_distinct.Count == 0 || !sequences[i].AsSpan().SequenceEqual(_distinct[^1]))
                _distinct.Add(sequences[i]);
            _places[i] = _distinct.Count - 1;
        }
    }

    public IReadOnlyList<PairItem> Pairs => _pairs;

    /// <summary>Different texts, as tokens.</summary>
    public int Texts => _distinct.Count;

    /// <summary>Tokens to predict in all of them.</summary>
    public long Tokens => _distinct.Sum(text => Math.Max(0L, text.Length - 1));

    /// <summary>Scores every pair. A score that is not a number wins nothing.</summary>
    public MinimalPairResult Evaluate(IScorer scorer) => Score(scorer).Result();

    /// <summary>What the scorer makes of every pair.</summary>
    /// <param name="scorer">Of the tokenizer's vocabulary.</param>
    /// <param name="scored">Told how many of <see cref="Texts"/> are scored so far; may throw to stop.</param>
    public PairScores Score(IScorer scorer, Action<int>? scored = null)
    {
        double[] distinct = new double[_distinct.Count];
        for (int start = 0; start < distinct.Length; start += Together)
        {
            int count = Math.Min(Together, distinct.Length - start);
            scorer.Score(_distinct.GetRange(start, count), distinct.AsSpan(start, count));
            scored?.Invoke(start + count);
        }

        return new PairScores(scorer.Name, _pairs, [.. _places.Select(place => distinct[place])]);
    }

    /// <summary>The token before every text, or nothing.</summary>
    /// <exception cref="DataException">The tokenizer has none.</exception>
    public static int[] Context(ITokenizer tokenizer, PairContext context) => context switch
    {
        PairContext.None => [],
        PairContext.EndOfText => [tokenizer.EndOfText ?? throw new DataException(
            "The tokenizer has no token that ends a text, and these minimal pairs are to begin with it; choose another context, or none.")],
        _ => [tokenizer.BeginOfText ?? throw new DataException(
            "The tokenizer has no token that begins a text, and minimal pairs begin with it; train one with <|endoftext|>, or ask for no context.")],
    };

    static void Check(PairItem pair, int index)
    {
        if (pair.Good.Length == 0 || pair.Bad.Length == 0)
            throw new DataException($"Minimal pair {index + 1} ({pair.Phenomenon}) has an empty text; remove it.");
    }
}
