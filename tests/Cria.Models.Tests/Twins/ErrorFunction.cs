namespace Cria.Models.Tests.Twins;

/// <summary>erf in float64, by the two expansions every handbook has (Abramowitz and Stegun 7.1.6 and 7.1.14).</summary>
static class ErrorFunction
{
    public static double Erf(double x) => x < 0 ? -Erf(-x) : x < 3 ? Series(x) : 1 - ComplementFraction(x);

    /// <summary>
    /// 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)): no term has the other sign, so that nothing cancels.
    /// </summary>
    static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; term > sum * 1e-18; n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf x = e^(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the inside out.</summary>
    static double ComplementFraction(double x)
    {
        double tail = x;
        for (int n = 120; n > 0; n--)
            tail = x + n / 2.0 / tail;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }
}
