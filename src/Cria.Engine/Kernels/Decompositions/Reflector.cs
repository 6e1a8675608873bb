namespace Cria.Engine.Kernels.Decompositions;

/// <summary>
/// A Householder reflection H = I − τ · v · vᵀ that turns x into a multiple of the first axis. Golub and Van Loan, "Matrix
/// Computations", §5.1; v's first number takes the sign that cancels nothing.
/// </summary>
static unsafe class Reflector
{
    /// <summary>Puts v in the place of x.</summary>
    /// <param name="first">The first number of H · x; the others are 0.</param>
    /// <returns>τ; 0 where x has that form already, and then x stays.</returns>
    public static double Of(double* x, int count, out double first)
    {
        double tail = count > 1 ? DoubleRow.Dot(x + 1, x + 1, count - 1) : 0;
        first = x[0];
        if (tail == 0)
            return 0;
        double square = tail + x[0] * x[0];
        first = x[0] > 0 ? -Math.Sqrt(square) : Math.Sqrt(square);
        double tau = 1 / (square - x[0] * first);
        x[0] -= first;
        return tau;
    }

    /// <summary>y = H · y</summary>
    public static void Apply(double* v, double tau, double* y, int count) =>
        DoubleRow.Add(y, -tau * DoubleRow.Dot(v, y, count), v, count);
}
