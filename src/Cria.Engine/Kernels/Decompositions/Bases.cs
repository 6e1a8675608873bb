using System.Numerics;

namespace Cria.Engine.Kernels.Decompositions;

/// <summary>
/// The bases of <see cref="IMatrixKernels"/>, one matrix at a time in host memory: every backend there shares this arithmetic, so
/// what tests it is what bases must be, not agreement.
/// </summary>
static unsafe class Bases
{
    /// <summary>Doubles of scratch for a matrix of that size.</summary>
    public static long ScratchFor(int n) => 2L * n * n + n + SymmetricEigen.ScratchFor(n) + n;

    /// <inheritdoc cref="IMatrixKernels.EigenBases"/>
    public static void Eigen<T>(T* basis, T* symmetric, int n, double* scratch) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double* a = scratch, vectors = a + (long)n * n, values = vectors + (long)n * n, rest = values + n;
        int* order = (int*)(rest + SymmetricEigen.ScratchFor(n));
        bool isFinite = true;
        for (long i = 0; i < (long)n * n; i++)
        {
            a[i] = double.CreateTruncating(symmetric[i]);
            isFinite &= double.IsFinite(a[i]);
        }
        if (!isFinite)
        {
            for (long i = 0; i < (long)n * n; i++)
                basis[i] = i / n == i % n ? T.One : T.Zero;
            return;
        }
        SymmetricEigen.Decompose(vectors, values, a, n, rest);
        Descending(order, values, n);
        for (int column = 0; column < n; column++)
            for (int row = 0; row < n; row++)
                basis[(long)row * n + column] = T.CreateTruncating(vectors[(long)order[column] * n + row]);
    }

    /// <inheritdoc cref="IMatrixKernels.RefreshBases"/>
    /// <param name="product">symmetric · basis, by whoever has the faster product.</param>
    public static void Refresh<T>(T* basis, int* order, T* product, int n, double* scratch) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double* columns = scratch, q = columns + (long)n * n, values = q + (long)n * n, rest = values + n;
        bool isFinite = true;
        new Span<double>(values, n).Clear();
        for (int row = 0; row < n; row++)
            for (int column = 0; column < n; column++)
            {
                double y = double.CreateTruncating(product[(long)row * n + column]);
                values[column] += double.CreateTruncating(basis[(long)row * n + column]) * y;
                isFinite &= double.IsFinite(y);
            }
        for (int i = 0; i < n; i++)
            order[i] = i;
        if (!isFinite)
            return;
        Descending(order, values, n);
        for (int column = 0; column < n; column++)
            for (int row = 0; row < n; row++)
                columns[(long)column * n + row] = double.CreateTruncating(product[(long)row * n + order[column]]);
        HouseholderQr.Decompose(q, columns, n, rest);
        for (int column = 0; column < n; column++)
            for (int row = 0; row < n; row++)
                basis[(long)row * n + column] = T.CreateTruncating(q[(long)column * n + row]);
    }

    /// <summary>Equal values stay in their order.</summary>
    static void Descending(int* order, double* values, int n)
    {
        for (int i = 0; i < n; i++)
        {
            int place = i;
            for (; place > 0 && values[order[place - 1]] < values[i]; place--)
                order[place] = order[place - 1];
            order[place] = i;
        }
    }
}
