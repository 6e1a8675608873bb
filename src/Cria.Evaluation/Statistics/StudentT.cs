namespace Cria.Evaluation.Statistics;

/// <summary>Student's t distribution (1908), and the noncentral one that says what a test can find.</summary>
public static class StudentT
{
    const int Halvings = 200, Slices = 4000;

    /// <summary>P(T ≤ t) with the degrees of freedom <paramref name="freedom"/> ≥ 1.</summary>
    public static double Cumulative(double t, double freedom)
    {
        double tails = GammaFunction.IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
        return t > 0 ? 1 - tails / 2 : tails / 2;
    }

    /// <summary>P(|T| ≥ |t|).</summary>
    public static double TwoSided(double t, double freedom) =>
        double.IsNaN(t) ? t : GammaFunction.IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));

    /// <summary>The t with P(T ≤ t) = <paramref name="share"/>, which lies between 0 and 1.</summary>
    public static double Quantile(double share, double freedom)
    {
        if (!(share > 0 && share < 1) || !(freedom >= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, $"expected a share between 0 and 1, and 1 or more degrees of freedom, not {freedom}");
        if (share < 0.5)
            return -Quantile(1 - share, freedom);
        double tails = 2 * (1 - share);
        return Solve(t => TwoSided(t, freedom) <= tails);
    }

    /// <summary>P(T ≤ t) where the mean is <paramref name="shift"/> standard errors away from 0.</summary>
    /// <remarks>T = (Z + δ)/S with S² = χ²/ν, so P(T ≤ t) = E[Φ(tS − δ)]: Simpson's rule over the density of S.</remarks>
    public static double Noncentral(double t, double freedom, double shift)
    {
        double reach = 10 / Math.Sqrt(2 * freedom), low = Math.Max(0, 1 - reach), width = (1 + reach - low) / Slices;
        double log = Math.Log(2) + freedom / 2 * Math.Log(freedom / 2) - GammaFunction.Log(freedom / 2), sum = 0;
        for (int i = 0; i <= Slices; i++)
        {
            double s = low + i * width;
            double density = s > 0
                ? Math.Exp(log + (freedom - 1) * Math.Log(s) - freedom * s * s / 2)
                : freedom > 1 ? 0 : Math.Exp(log);
            double weight = i is 0 or Slices ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * density * Normal.Cumulative(t * s - shift);
        }
        return sum * width / 3;
    }

    /// <summary>The chance that a two-sided test at <paramref name="level"/> finds a true mean that lies
    /// <paramref name="shift"/> standard errors away from 0.</summary>
    public static double Power(double shift, double freedom, double level) =>
        Beyond(Quantile(1 - level / 2, freedom), freedom, shift);

    /// <summary>The distance from 0, in standard errors, that such a test finds with a chance of
    /// <paramref name="power"/>.</summary>
    public static double DetectableShift(double power, double freedom, double level)
    {
        double critical = Quantile(1 - level / 2, freedom);
        return Solve(shift => Beyond(critical, freedom, shift) >= power, 40);
    }

    static double Beyond(double critical, double freedom, double shift) =>
        1 - Noncentral(critical, freedom, shift) + Noncentral(-critical, freedom, shift);

    // The smallest x ≥ 0 where what grows truer with x is true.
    static double Solve(Func<double, bool> isReached, int halvings = Halvings)
    {
        double low = 0, high = 1;
        while (!isReached(high) && high < 1e300)
            (low, high) = (high, high * 2);
        for (int i = 0; i < halvings && high - low > 1e-15 * high; i++)
        {
            double middle = low + (high - low) / 2;
            if (isReached(middle))
                high = middle;
            else
                low = middle;
        }
        return low + (high - low) / 2;
    }
}
