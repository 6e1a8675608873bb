namespace Cria.Evaluation.NGram;

/// <summary>
/// For every history, by row: the tokens that followed it, ascending, with their counts; and the interpolation of one
/// order of Kneser–Ney over the next lower one. Rows lie behind each other in two flat arrays (compressed rows).
/// </summary>
sealed class FollowerTable
{
    readonly int[] _starts; // (rows + 1)
    readonly int[] _tokens; // (entries), ascending inside a row
    readonly int[] _counts; // (entries)
    readonly long[] _totals; // (rows)
    readonly double[] _lowerWeights; // (rows): the mass the discounts freed, as a share
    readonly Discounts _discounts;

    public FollowerTable(int[] starts, int[] tokens, int[] counts)
    {
        (_starts, _tokens, _counts) = (starts, tokens, counts);
        _discounts = Discounts.From(counts);
        _totals = new long[starts.Length - 1];
        _lowerWeights = new double[starts.Length - 1];
        for (int row = 0; row < _totals.Length; row++)
            (_totals[row], _lowerWeights[row]) = Summary(counts.AsSpan(starts[row]..starts[row + 1]), _discounts);
    }

    public int Entries => _tokens.Length;

    public long SizeInBytes => (4L * (_starts.Length + _tokens.Length + _counts.Length)) + (16L * _totals.Length);

    /// <summary>The discounted share of <paramref name="token"/> after this row's history, plus the freed mass times
    /// <paramref name="lower"/>, the next lower order's probability. A history never seen passes it through.</summary>
    public double Interpolate(int row, int token, double lower)
    {
        long total = _totals[row];
        if (total == 0)
            return lower;

        int start = _starts[row];
        int found = _tokens.AsSpan(start..(_starts[row + 1])).BinarySearch(token);
        int count = found < 0 ? 0 : _counts[start + found];
        return ((count - _discounts.Of(count)) / total) + (_lowerWeights[row] * lower);
    }

    /// <summary>The total of a history's counts, and the share of it that the discounts free.</summary>
    public static (long Total, double LowerWeight) Summary(ReadOnlySpan<int> counts, Discounts discounts)
    {
        long total = 0;
        double freed = 0;
        foreach (int count in counts)
        {
            total += count;
            freed += discounts.Of(count);
        }

        return (total, total == 0 ? 1 : freed / total);
    }
}
