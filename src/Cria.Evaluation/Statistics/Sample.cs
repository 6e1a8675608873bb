namespace Cria.Evaluation.Statistics;

/// <summary>The usual numbers of a few measurements.</summary>
public static class Sample
{
    public static double Mean(IReadOnlyList<double> values) => values.Sum() / values.Count;

    /// <summary>The standard deviation with n − 1; NaN for fewer than two values.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return double.NaN;
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    public static double Median(IReadOnlyList<double> values) => Engine.Tensors.Median.Of([.. values]);

    /// <summary>The values further than <paramref name="times"/> the median distance from the median: with so few values the
    /// median distance is a spread that one wild value cannot stretch.</summary>
    public static IEnumerable<double> Outliers(IReadOnlyList<double> values, double times)
    {
        double median = Median(values), spread = Median([.. values.Select(value => Math.Abs(value - median))]);
        return values.Where(value => Math.Abs(value - median) > times * spread && spread > 0);
    }
}
