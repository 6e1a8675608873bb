using Cria.Engine.Tensors;

namespace Cria.Training.Budgets.Fitting;

/// <summary>An interval from fits to samples of the observations, drawn with replacement (Efron 1979).</summary>
static class Bootstrap
{
    public const int Samples = 200;

    /// <summary>The middle 90 % of what is estimated from samples.</summary>
    /// <param name="count">Observations.</param>
    /// <param name="estimate">From the numbers of a sample's observations.</param>
    /// <param name="seed">Of the draws.</param>
    public static Interval Of(int count, Func<int[], double> estimate, ulong seed = 1)
    {
        var random = new Philox(seed);
        ulong drawn = 0;
        List<double> found = [];
        for (int sample = 0; sample < Samples; sample++)
        {
            int[] numbers = [.. Enumerable.Range(0, count).Select(_ => (int)(random.Uniform(drawn++) * count))];
            double value = estimate(numbers);
            if (double.IsFinite(value))
                found.Add(value);
        }
        if (found.Count == 0)
            return new(double.NaN, double.NaN);
        found.Sort();
        return new(found[(int)(0.05 * (found.Count - 1))], found[(int)(0.95 * (found.Count - 1))]);
    }
}
