namespace Cria.Evaluation.Tests.NGram;

/// <summary>The formula of Chen and Goodman with dictionaries, loops and no cleverness.</summary>
sealed class NaiveKneserNey
{
    readonly int _vocabSize;
    readonly Dictionary<(int A, int B, int C), int> _trigrams = [];
    readonly Dictionary<(int B, int C), int> _bigrams = []; // continuation counts
    readonly Dictionary<int, int> _unigrams = []; // continuation counts

    public NaiveKneserNey(IEnumerable<int[]> documents, int vocabSize, int endOfText)
    {
        _vocabSize = vocabSize;
        foreach (int[] document in documents)
        {
            for (int i = 1; i < document.Length; i++)
            {
                (int, int, int) key = (i == 1 ? endOfText : document[i - 2], document[i - 1], document[i]);
                _trigrams[key] = _trigrams.GetValueOrDefault(key) + 1;
            }
        }

        foreach ((int _, int b, int c) in _trigrams.Keys)
            _bigrams[(b, c)] = _bigrams.GetValueOrDefault((b, c)) + 1;
        foreach ((int _, int c) in _bigrams.Keys)
            _unigrams[c] = _unigrams.GetValueOrDefault(c) + 1;
    }

    public double Probability(int a, int b, int c) =>
        Step(_trigrams.Values, _trigrams.Where(e => e.Key.A == a && e.Key.B == b).Select(e => e.Value),
            _trigrams.GetValueOrDefault((a, b, c)), Probability(b, c));

    double Probability(int b, int c) =>
        Step(_bigrams.Values, _bigrams.Where(e => e.Key.B == b).Select(e => e.Value),
            _bigrams.GetValueOrDefault((b, c)), Probability(c));

    double Probability(int c) =>
        Step(_unigrams.Values, _unigrams.Values, _unigrams.GetValueOrDefault(c), 1.0 / _vocabSize);

    static double Step(IEnumerable<int> allCounts, IEnumerable<int> following, int count, double lower)
    {
        int[] row = [.. following];
        if (row.Length == 0)
            return lower;

        double[] d = Discounts([.. allCounts]);
        double gamma = row.Sum(x => d[Math.Min(x, 3)]) / row.Sum();
        return (Math.Max(count - d[Math.Min(count, 3)], 0) / row.Sum()) + (gamma * lower);
    }

    static double[] Discounts(int[] counts)
    {
        double N(int x) => counts.Count(c => c == x);
        if (N(1) * N(2) * N(3) * N(4) == 0)
            return [0, 0.5, 1, 1.5];

        double y = N(1) / (N(1) + (2 * N(2)));
        double[] d = [0, 1 - (2 * y * N(2) / N(1)), 2 - (3 * y * N(3) / N(2)), 3 - (4 * y * N(4) / N(3))];
        return d[2] is > 0 and <= 2 && d[3] is > 0 and <= 3 ? d : [0, 0.5, 1, 1.5];
    }
}
