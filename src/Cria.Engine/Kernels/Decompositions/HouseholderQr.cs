namespace Cria.Engine.Kernels.Decompositions;

/// <summary>
/// Q of the QR decomposition of a square matrix in double, R's diagonal at least 0. The columns of the result are orthonormal
/// whatever the rank. Golub and Van Loan §5.2.
/// </summary>
static unsafe class HouseholderQr
{
    /// <param name="q">n × n; its rows become Q's columns.</param>
    /// <param name="columns">n × n; its rows are the matrix's columns. It is used up.</param>
    /// <param name="scratch">2 · n</param>
    public static void Decompose(double* q, double* columns, int n, double* scratch)
    {
        double* tau = scratch, diagonal = scratch + n;
        for (int k = 0; k < n; k++)
        {
            double* v = columns + (long)k * n + k;
            tau[k] = Reflector.Of(v, n - k, out diagonal[k]);
            for (int j = k + 1; j < n && tau[k] != 0; j++)
                Reflector.Apply(v, tau[k], columns + (long)j * n + k, n - k);
        }

        new Span<double>(q, n * n).Clear();
        for (int i = 0; i < n; i++)
            q[(long)i * n + i] = 1;
        for (int k = n - 1; k >= 0; k--)
            for (int j = k; j < n && tau[k] != 0; j++)
                Reflector.Apply(columns + (long)k * n + k, tau[k], q + (long)j * n + k, n - k);
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n && diagonal[k] < 0; i++)
                q[(long)k * n + i] = -q[(long)k * n + i];
    }
}
