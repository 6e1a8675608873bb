namespace Cria.Evaluation.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    const double Far = 38; // beyond it a double holds no difference from 0 and 1

    /// <summary>Φ(x) = P(Z ≤ x), to 1e-15.</summary>
    /// <remarks>The series ½ + φ(x)(x + x³/3 + x⁵/(3·5) + …) (Marsaglia 2004); in the tails the continued fraction of Mills'
    /// ratio.</remarks>
    public static double Cumulative(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) > Far)
            return double.IsNaN(x) ? x : x > 0 ? 1 : 0;
        double density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) > 6)
        {
            double ratio = 0, away = Math.Abs(x);
            for (int k = 200; k > 0; k--)
                ratio = k / (away + ratio);
            double tail = density / (away + ratio);
            return x > 0 ? 1 - tail : tail;
        }
        double term = x, sum = x;
        for (int k = 3; Math.Abs(term) > 1e-17; k += 2)
            sum += term *= x * x / k;
        return 0.5 + density * sum;
    }
}
