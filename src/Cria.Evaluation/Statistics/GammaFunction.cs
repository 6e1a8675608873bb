namespace Cria.Evaluation.Statistics;

/// <summary>The gamma function's logarithm and the regularised incomplete beta function, on which the distributions stand.</summary>
static class GammaFunction
{
    const int MostTerms = 20_000;
    const double Tiny = 1e-300;

    // Lanczos' approximation with g = 7 and nine terms: 15 digits.
    static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x ≥ ½.</summary>
    public static double Log(double x)
    {
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (x - 1 + i);
        double t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    /// <summary>I_x(a, b) = B(x; a, b) / B(a, b), for a, b ≥ ½ and x from 0 to 1.</summary>
    /// <remarks>The continued fraction of DLMF 8.17.22 by Lentz' method, on the side where it converges fast.</remarks>
    public static double IncompleteBeta(double a, double b, double x)
    {
        if (!(x > 0))
            return 0;
        if (!(x < 1))
            return 1;
        return x <= (a + 1) / (a + b + 2)
            ? Front(a, b, x) * Fraction(a, b, x) / a
            : 1 - Front(b, a, 1 - x) * Fraction(b, a, 1 - x) / b;
    }

    static double Front(double a, double b, double x) =>
        Math.Exp(Log(a + b) - Log(a) - Log(b) + a * Math.Log(x) + b * Math.Log(1 - x));

    static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / Away(1 - (a + b) * x / (a + 1)), fraction = d;
        for (int m = 1; m < MostTerms; m++)
        {
            Term(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
            double change = Term(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
            if (Math.Abs(change - 1) < 1e-16)
                break;
        }
        return fraction;

        double Term(double numerator)
        {
            d = 1 / Away(1 + numerator * d);
            c = Away(1 + numerator / c);
            fraction *= c * d;
            return c * d;
        }
    }

    static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
