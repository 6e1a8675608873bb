using Cria.Models;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>The polynomials of Newton–Schulz iterations, by the names that recipes give them.</summary>
static class Orthogonalization
{
    public const string Names = "jordan, polar_express or cubic";

    /// <summary>
    /// For singular values from here on, as shares of the matrix's norm, the cubic polynomials are the best of their number; those
    /// below come out smaller.
    /// </summary>
    const double CubicFrom = 0.01;

    /// <summary>Amsel et al. 2025, "The Polar Express", table of degree 5 for singular values from 1e-3 on.</summary>
    static readonly (double A, double B, double C)[] PolarExpress =
    [
        (8.28721201814563, -23.595886519098837, 17.300387312530933),
        (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
        (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
        (3.3184196573706015, -2.488488024314874, 0.51004894012372),
        (2.300652019954817, -1.6689039845747493, 0.4188073119525673),
        (1.891301407787398, -1.2679958271945868, 0.37680408948524835),
        (1.8750014808534479, -1.2500016453999487, 0.3750001645474248),
        (1.875, -1.25, 0.375),
    ];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="iterations">At least 1.</param>
    /// <exception cref="ConfigException">There is no such name.</exception>
    public static (double A, double B, double C)[] Of(string name, int iterations) => name switch
    {
        // Jordan 2024: greatest slope at 0; singular values end between about 0.7 and 1.2 and not at 1
        "jordan" => [.. Enumerable.Repeat((3.4445, -4.7750, 2.0315), iterations)],
        "polar_express" => [.. Enumerable.Range(0, iterations).Select(Safe)],
        "cubic" => [.. Cubic(iterations)],
        _ => throw new ConfigException($"optimizer.coefficients '{name}' is not known; it is {Names}."),
    };

    // A singular value that rounding puts above 1 must not run away: the paper's safety factor, in all but the last polynomial.
    static (double A, double B, double C) Safe(int iteration)
    {
        const double Safety = 1.01;
        var (a, b, c) = PolarExpress[Math.Min(iteration, PolarExpress.Length - 1)];
        return iteration >= PolarExpress.Length - 1 ? (a, b, c) : (a / Safety, b / Math.Pow(Safety, 3), c / Math.Pow(Safety, 5));
    }

    /// <summary>
    /// The cubic polynomials closest to 1 on [l, u], one after the other: β·(3·αx − (αx)³)/2 with α² = 3 / (u² + lu + l²) and
    /// β = 4 / (2 + lu·(l + u)·α³). Chen and Chow 2014, "A stable scaling of Newton–Schulz".
    /// </summary>
    static List<(double A, double B, double C)> Cubic(int iterations)
    {
        var polynomials = new List<(double A, double B, double C)>();
        double low = CubicFrom, high = 1;
        for (int i = 0; i < iterations; i++)
        {
            double alpha = Math.Sqrt(3 / (high * high + low * high + low * low));
            double beta = 4 / (2 + low * high * (low + high) * alpha * alpha * alpha);
            double a = 1.5 * alpha * beta, b = -0.5 * alpha * alpha * alpha * beta;
            polynomials.Add((a, b, 0));
            low = a * low + b * low * low * low;
            high = 2 - low;
        }
        return polynomials;
    }
}
