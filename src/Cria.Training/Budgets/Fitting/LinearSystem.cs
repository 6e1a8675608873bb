namespace Cria.Training.Budgets.Fitting;

/// <summary>The solution of a small symmetric positive definite system, by Cholesky's decomposition.</summary>
static class LinearSystem
{
    /// <summary>x with matrix · x = right; null where the matrix is not positive definite.</summary>
    /// <param name="matrix">Symmetric; only its lower half is read.</param>
    public static double[]? Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        double[,] lower = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                if (i != j)
                    lower[i, j] = sum / lower[j, j];
                else if (sum > 0)
                    lower[i, i] = Math.Sqrt(sum);
                else
                    return null;
            }

        double[] x = [.. right];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
                x[i] -= lower[i, k] * x[k];
            x[i] /= lower[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                x[i] -= lower[k, i] * x[k];
            x[i] /= lower[i, i];
        }
        return x;
    }
}
