namespace Cria.Engine.Kernels.Decompositions;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix in double: Householder reflections make it tridiagonal, plane rotations
/// make that diagonal (implicit QL with Wilkinson's shift; Golub and Van Loan §8.3). Every inner loop runs along a row.
/// </summary>
static unsafe class SymmetricEigen
{
    const int MostRotationsForOne = 60;
    const double Precision = 2.220446049250313e-16;

    /// <summary>Doubles of scratch for a matrix of that size.</summary>
    public static long ScratchFor(int n) => 4L * n;

    /// <param name="vectors">n × n; its rows become the eigenvectors, in no order.</param>
    /// <param name="values">n</param>
    /// <param name="a">n × n, symmetric; it is used up.</param>
    /// <param name="scratch">See <see cref="ScratchFor"/>.</param>
    public static void Decompose(double* vectors, double* values, double* a, int n, double* scratch)
    {
        double* beside = scratch, tau = scratch + n, product = scratch + 2L * n;
        Tridiagonalize(values, beside, tau, a, n, product);
        TurnAxes(vectors, tau, a, n);
        for (int first = 0; first < n; first++)
            Isolate(vectors, values, beside, first, n);
    }

    /// <summary>The diagonal and what stands beside it of Hₙ₋₃ … H₀ · A · H₀ … Hₙ₋₃; row k of a keeps the k-th v from k + 1 on.</summary>
    static void Tridiagonalize(double* diagonal, double* beside, double* tau, double* a, int n, double* product)
    {
        for (int k = 0; k < n; k++)
        {
            int count = n - k - 1;
            double* v = a + (long)k * n + k + 1, rest = a + (long)(k + 1) * n + k + 1;
            diagonal[k] = a[(long)k * n + k];
            beside[k] = tau[k] = 0;
            if (count == 0)
                continue;
            tau[k] = Reflector.Of(v, count, out beside[k]);
            if (tau[k] == 0)
                continue;
            // A − v·wᵀ − w·vᵀ, w = p − (τ · pᵀv / 2) · v, p = τ · A · v
            for (int i = 0; i < count; i++)
                product[i] = tau[k] * DoubleRow.Dot(rest + (long)i * n, v, count);
            DoubleRow.Add(product, -tau[k] / 2 * DoubleRow.Dot(product, v, count), v, count);
            for (int i = 0; i < count; i++)
                DoubleRow.Add(rest + (long)i * n, -v[i], product, -product[i], v, count);
        }
    }

    /// <summary>vectors = Hₙ₋₃ … H₀, whose rows are the axes of the tridiagonal matrix.</summary>
    static void TurnAxes(double* vectors, double* tau, double* a, int n)
    {
        new Span<double>(vectors, n * n).Clear();
        for (int i = 0; i < n; i++)
            vectors[(long)i * n + i] = 1;
        for (int k = n - 2; k >= 0; k--)
        {
            if (tau[k] == 0)
                continue;
            for (int i = k + 1; i < n; i++)
                Reflector.Apply(a + (long)k * n + k + 1, tau[k], vectors + (long)i * n + k + 1, n - k - 1);
        }
    }

    /// <summary>Rotates until what stands beside the diagonal's number <paramref name="first"/> has vanished.</summary>
    static void Isolate(double* vectors, double* d, double* beside, int first, int n)
    {
        for (int turn = 0; turn < MostRotationsForOne; turn++)
        {
            int last = first;
            while (last < n - 1 && Math.Abs(beside[last]) > Precision * (Math.Abs(d[last]) + Math.Abs(d[last + 1])))
                last++;
            if (last == first)
                return;
            Sweep(vectors, d, beside, first, last, n);
        }
    }

    /// <summary>One implicit QL step on rows first .. last, from the bottom up.</summary>
    static void Sweep(double* vectors, double* d, double* beside, int first, int last, int n)
    {
        double half = (d[first + 1] - d[first]) / (2 * beside[first]), root = Math.Sqrt(half * half + 1);
        double chased = d[last] - d[first] + beside[first] / (half + (half < 0 ? -root : root));
        double sine = 1, cosine = 1, shift = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double bulge = sine * beside[i], kept = cosine * beside[i];
            double length = Math.Sqrt(bulge * bulge + chased * chased);
            beside[i + 1] = length;
            if (length == 0) // the matrix falls apart here
            {
                d[i + 1] -= shift;
                beside[last] = 0;
                return;
            }
            (sine, cosine) = (bulge / length, chased / length);
            double moved = d[i + 1] - shift, turned = (d[i] - moved) * sine + 2 * cosine * kept;
            shift = sine * turned;
            d[i + 1] = moved + shift;
            chased = cosine * turned - kept;
            DoubleRow.Rotate(vectors + (long)i * n, vectors + (long)(i + 1) * n, cosine, sine, n);
        }
        d[first] -= shift;
        beside[first] = chased;
        beside[last] = 0;
    }
}
