namespace Cria.Training.Budgets.Fitting;

/// <summary>A function of constants whose residuals a fit makes small: writes one number an observation.</summary>
delegate void Residuals(ReadOnlySpan<double> constants, Span<double> residuals);

/// <summary>
/// Robust non-linear least squares: Levenberg and Marquardt's damped Gauss–Newton steps on Huber's loss, whose weight for a residual beyond
/// <c>threshold</c> falls as its inverse, so that one run that went wrong does not move the curve (Huber 1964; Hoffmann et al. 2022
/// fit their law so, in log space).
/// </summary>
static class RobustFit
{
    const int MaxSteps = 500;
    const double Difference = 1e-6, Settled = 1e-14;

    /// <param name="start">Where to begin.</param>
    /// <param name="count">Residuals.</param>
    /// <param name="residuals">Each in units of its own uncertainty, or all in one unit.</param>
    /// <param name="threshold">Beyond this a residual counts linearly; infinity for plain least squares.</param>
    /// <returns>The constants.</returns>
    public static double[] Solve(double[] start, int count, Residuals residuals, double threshold)
    {
        int n = start.Length;
        double[] x = [.. start], trial = new double[n], at = new double[count], beside = new double[count];
        double[][] jacobian = [.. Enumerable.Range(0, n).Select(_ => new double[count])];
        residuals(x, at);
        double cost = Cost(at, threshold), damping = 1e-3;
        for (int step = 0; step < MaxSteps; step++)
        {
            for (int j = 0; j < n; j++)
            {
                double shift = Difference * Math.Max(1, Math.Abs(x[j]));
                x.CopyTo(trial, 0);
                trial[j] += shift;
                residuals(trial, beside);
                for (int r = 0; r < count; r++)
                    jacobian[j][r] = (beside[r] - at[r]) / shift;
            }

            double before = cost;
            bool isBetter = false;
            while (!isBetter && damping < 1e12)
            {
                if (Step(jacobian, at, threshold, damping) is { } move)
                {
                    for (int j = 0; j < n; j++)
                        trial[j] = x[j] + move[j];
                    residuals(trial, beside);
                    double reached = Cost(beside, threshold);
                    isBetter = reached < cost; // false for NaN too
                    if (isBetter)
                    {
                        cost = reached;
                        trial.CopyTo(x, 0);
                        beside.CopyTo(at, 0);
                    }
                }
                damping = isBetter ? Math.Max(1e-12, damping / 5) : damping * 4;
            }
            if (!isBetter || before - cost <= Settled * before)
                break;
        }
        return x;
    }

    // (Jᵀ W J + damping · its diagonal) move = −Jᵀ W r
    static double[]? Step(double[][] jacobian, double[] residuals, double threshold, double damping)
    {
        int n = jacobian.Length;
        double[,] matrix = new double[n, n];
        double[] right = new double[n];
        for (int r = 0; r < residuals.Length; r++)
        {
            double weight = Math.Abs(residuals[r]) <= threshold ? 1 : threshold / Math.Abs(residuals[r]);
            for (int i = 0; i < n; i++)
            {
                right[i] -= weight * jacobian[i][r] * residuals[r];
                for (int j = 0; j <= i; j++)
                    matrix[i, j] += weight * jacobian[i][r] * jacobian[j][r];
            }
        }
        for (int i = 0; i < n; i++)
            matrix[i, i] += damping * matrix[i, i] + 1e-15;
        return LinearSystem.Solve(matrix, right);
    }

    static double Cost(double[] residuals, double threshold)
    {
        double sum = 0;
        foreach (double residual in residuals)
        {
            double size = Math.Abs(residual);
            sum += size <= threshold ? 0.5 * size * size : threshold * (size - 0.5 * threshold);
        }
        return sum;
    }
}
