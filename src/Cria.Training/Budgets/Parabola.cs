using Cria.Training.Budgets.Fitting;

namespace Cria.Training.Budgets;

/// <summary>
/// Loss against the logarithm of size at one budget: L = a + b · ln N + c · (ln N)², whose lowest point is the best size (Hoffmann
/// et al. 2022,
/// approach 2).
/// </summary>
/// <param name="Lowest">ln N of the lowest point; not a number where the curve has none.</param>
/// <param name="Least">The loss there.</param>
/// <param name="Curvature">c</param>
public sealed record Parabola(double Lowest, double Least, double Curvature)
{
    /// <summary>The size at the lowest point.</summary>
    public double BestSize => Math.Exp(Lowest);

    public bool HasMinimum => Curvature > 0;

    public double At(double size)
    {
        double distance = Math.Log(size) - Lowest;
        return Least + Curvature * distance * distance;
    }

    /// <summary>The least-squares parabola; of three points or more of at least three sizes.</summary>
    public static Parabola Fit(IReadOnlyList<(double Size, double Loss)> points)
    {
        double middle = points.Average(point => Math.Log(point.Size));
        double[,] matrix = new double[3, 3];
        double[] right = new double[3];
        foreach (var (size, loss) in points)
        {
            double x = Math.Log(size) - middle;
            double[] powers = [1, x, x * x];
            for (int i = 0; i < 3; i++)
            {
                right[i] += powers[i] * loss;
                for (int j = 0; j < 3; j++)
                    matrix[i, j] += powers[i] * powers[j];
            }
        }
        if (LinearSystem.Solve(matrix, right) is not [var a, var b, var c])
            return new(double.NaN, double.NaN, double.NaN);
        double lowest = -b / (2 * c);
        return new(middle + lowest, a - c * lowest * lowest, c);
    }

    /// <summary>The interval of the best size, over fits to samples of the points.</summary>
    public static Interval BestSizes(IReadOnlyList<(double Size, double Loss)> points) =>
        Bootstrap.Of(points.Count, numbers =>
        {
            var drawn = numbers.Select(i => points[i]).ToList();
            var parabola = Fit(drawn);
            return drawn.Select(point => point.Size).Distinct().Count() < 3 || !parabola.HasMinimum ? double.NaN : parabola.BestSize;
        });
}
