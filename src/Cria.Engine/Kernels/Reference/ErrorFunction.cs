namespace Cria.Engine.Kernels.Reference;

/// <summary>
/// The error function to the last places of a double, which .NET does not have. Abramowitz and Stegun 1964: the series 7.1.6,
/// whose terms are all of one sign, and far out the continued fraction 7.1.14 of what is left to 1.
/// </summary>
static class ErrorFunction
{
    const double Far = 3;

    /// <summary>At <see cref="Far"/> so many levels of the fraction are enough, and fewer farther out.</summary>
    const int Levels = 80;

    public static double At(double x) =>
        double.IsNaN(x) ? x : Math.CopySign(Math.Abs(x) < Far ? Series(Math.Abs(x)) : 1 - Rest(Math.Abs(x)), x);

    // 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · 5 ⋯ (2n+1))
    static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))
    static double Rest(double x)
    {
        double below = x;
        for (int level = Levels; level > 0; level--)
            below = x + level / 2.0 / below;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / below;
    }
}
