namespace Cria.Training.Budgets.Fitting;

/// <summary>
/// Least squares in which no unknown may be negative, as no work takes less than no time: minimises
/// Σ (row · x − right)² + Σ (ridge · (x − centre))² over x ≥ 0, by descending one coordinate after another, which converges because the
/// sum is convex and its bounds are separate.
/// </summary>
static class NonNegativeFit
{
    const int MaxSweeps = 20_000;
    const double Settled = 1e-12;

    /// <param name="rows">The equations' left sides.</param>
    /// <param name="right">Their right sides.</param>
    /// <param name="centre">What each unknown is drawn towards.</param>
    /// <param name="ridge">How strongly; above 0.</param>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> right, double[] centre, double ridge)
    {
        int n = centre.Length;
        double[] x = [.. centre], squares = new double[n], errors = new double[rows.Count];
        for (int r = 0; r < rows.Count; r++)
        {
            errors[r] = right[r];
            for (int j = 0; j < n; j++)
            {
                errors[r] -= rows[r][j] * x[j];
                squares[j] += rows[r][j] * rows[r][j];
            }
        }

        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double moved = 0;
            for (int j = 0; j < n; j++)
            {
                double slope = ridge * ridge * (centre[j] - x[j]);
                for (int r = 0; r < rows.Count; r++)
                    slope += rows[r][j] * errors[r];
                double step = Math.Max(-x[j], slope / (squares[j] + ridge * ridge));
                x[j] += step;
                for (int r = 0; r < rows.Count; r++)
                    errors[r] -= step * rows[r][j];
                moved = Math.Max(moved, Math.Abs(step));
            }
            if (moved < Settled)
                break;
        }
        return x;
    }
}
