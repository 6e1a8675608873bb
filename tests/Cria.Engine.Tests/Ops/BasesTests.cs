using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

/// <summary>
/// Backends share the decompositions' arithmetic, so they are held against what a basis must be, and against Jacobi's rotations
/// in plain loops.
/// </summary>
public sealed class BasesTests
{
    public static TheoryData<string, int> Matrices
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string kind in (string[])["random", "zero", "identity", "rank one", "rank deficient", "repeated", "graded", "blocks", "tiny"])
                foreach (int size in (int[])[1, 2, 3, 7, 17, 64, 65])
                    data.Add(kind, size);
            return data;
        }
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Eigenvectors_are_orthonormal_and_what_the_matrix_only_stretches_greatest_first(string kind, int n)
    {
        double[] a = Matrix(kind, n), q = new double[n * n];
        With(new ReferenceKernels<double>(), a, n, (k, bases, _, symmetric) => k.EigenBases(bases, symmetric), q);
        AssertOrthonormal(q, n, 1e-12);
        double[] values = Stretches(a, q, n, 1e-12);
        double[] expected = Jacobi(a, n);
        double tolerance = 1e-12 * n * expected.Max(Math.Abs) + double.Epsilon;
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i], values[i], tolerance);
        for (int i = 1; i < n; i++)
            Assert.True(values[i] <= values[i - 1] + tolerance, $"value {i} is {values[i]} after {values[i - 1]}");
    }

    [Theory, InlineData(1), InlineData(7), InlineData(65)]
    public void Every_backend_finds_the_same_bases_on_any_number_of_threads(int n)
    {
        KernelCall call = (bench, k) =>
        {
            var (x, s) = (bench.Weight("x", new(3, n, n + 2)), bench.Weight("s", new(3, n, n), double.NaN));
            var (bases, order) = (bench.Weight("bases", new(3, n, n), double.NaN), bench.Integers("order", new int[3 * n]));
            k.MatrixProducts(s, x, x, new(ProductForm.NT) { IsSymmetric = true });
            k.EigenBases(bases, s);
            k.MatrixProducts(s, x, x, new(ProductForm.NT) { IsSymmetric = true, Keep = 0.5, Diagonal = 1 });
            k.RefreshBases(bases, order, s);
            k.Reorder(x, order, default);
            k.Reorder(s, order, order);
        };
        Agreement.IsTheSameOnAnyNumberOfThreads(0, call);
        foreach (var kernels in Backends.With(threads: 2))
        {
            double[] a = Matrix("random", n), q = new double[n * n];
            With(kernels, a, n, (k, bases, _, symmetric) => k.EigenBases(bases, symmetric), q);
            AssertOrthonormal(q, n, 1e-5);
            Stretches(a, q, n, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Matrices))]
    public void A_refreshed_basis_is_the_orthonormal_part_of_the_matrix_times_the_ordered_basis(string kind, int n)
    {
        double[] a = Matrix(kind, n), start = Matrix("basis", n), q = (double[])start.Clone();
        int[] order = With(new ReferenceKernels<double>(), a, n, (k, bases, o, symmetric) => k.RefreshBases(bases, o, symmetric), q);
        AssertOrthonormal(q, n, 1e-12);
        Assert.Equal(Enumerable.Range(0, n), order.Order());
        double[] turned = Product(a, start, n);
        double[] estimates = [.. Enumerable.Range(0, n).Select(c => Enumerable.Range(0, n).Sum(r => start[r * n + c] * turned[r * n + c]))];
        for (int i = 1; i < n; i++)
            Assert.True(estimates[order[i - 1]] >= estimates[order[i]]);

        // R = Qᵀ · S · (ordered basis) is upper triangular with a diagonal that is not negative
        double size = turned.Max(Math.Abs);
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double r = Enumerable.Range(0, n).Sum(row => q[row * n + i] * turned[row * n + order[j]]);
                Assert.True(i == j ? r >= -1e-12 * n * size : Math.Abs(r) <= 1e-12 * n * size, $"R[{i}, {j}] is {r}");
            }
    }

    [Fact]
    public void Refreshing_again_and_again_finds_the_eigenvectors()
    {
        const int N = 12;
        double[] a = Matrix("graded", N), q = Matrix("basis", N), scaled = [.. a.Select(x => x / a.Max(Math.Abs))];
        for (int i = 0; i < 60; i++)
            With(new ReferenceKernels<double>(), scaled, N, (k, bases, o, symmetric) => k.RefreshBases(bases, o, symmetric), q);
        Stretches(scaled, q, N, 1e-9);
    }

    [Fact]
    public void What_is_not_finite_gives_the_axes_and_leaves_a_basis_as_it_is()
    {
        const int N = 5;
        foreach (var kernels in (IReadOnlyList<IKernels>)[new ReferenceKernels<double>(), .. Backends.With(threads: 2)])
        {
            double[] a = Matrix("random", N), start = Matrix("basis", N), axes = (double[])start.Clone(), kept = (double[])start.Clone();
            a[7] = a[3 * N + 1] = double.PositiveInfinity;
            With(kernels, a, N, (k, bases, _, symmetric) => k.EigenBases(bases, symmetric), axes);
            Assert.Equal(Enumerable.Range(0, N * N).Select(i => i / N == i % N ? 1.0 : 0), axes);
            int[] order = With(kernels, a, N, (k, bases, o, symmetric) => k.RefreshBases(bases, o, symmetric), kept);
            Assert.Equal(Enumerable.Range(0, N), order);
            for (int i = 0; i < N * N; i++)
                Assert.Equal(start[i], kept[i], tolerance: 1e-7);
        }
    }

    [Fact]
    public void Rows_and_columns_take_the_places_they_are_told()
    {
        using var bench = new Workbench(DType.F64, 0);
        var x = bench.Weight("x", new(1, 2, 3));
        double[] before = x.ToArray<double>();
        var kernels = new ReferenceKernels<double>();
        kernels.Reorder(x, bench.Integers("rows", 1, 0), bench.Integers("columns", 2, 0, 1));
        Assert.Equal([before[5], before[3], before[4], before[2], before[0], before[1]], x.ToArray<double>());
        KernelCall call = (b, k) => k.Reorder(b.Weight("x", new(2, 3, 2)), b.Integers("rows", 2, 0, 1, 0, 2, 1), default);
        Agreement.Holds(0, call);
    }

    delegate void BasisCall(IKernels kernels, Tensor bases, Tensor order, Tensor symmetric);

    static int[] With(IKernels kernels, double[] matrix, int n, BasisCall call, double[] basis)
    {
        bool isDouble = kernels is ReferenceKernels<double>;
        using var bench = new Workbench(isDouble ? DType.F64 : DType.F32, 0);
        Tensor bases = bench.Weight("bases", new(1, n, n)), symmetric = bench.Weight("symmetric", new(1, n, n));
        var order = bench.Integers("order", new int[n]);
        if (isDouble)
        {
            bases.Write<double>(basis);
            symmetric.Write<double>(matrix);
        }
        else
        {
            bases.Write<float>(Array.ConvertAll(basis, x => (float)x));
            symmetric.Write<float>(Array.ConvertAll(matrix, x => (float)x));
        }
        call(kernels, bases, order, symmetric);
        double[] result = isDouble ? bases.ToArray<double>() : Array.ConvertAll(bases.ToArray<float>(), x => (double)x);
        result.CopyTo(basis, 0);
        return order.ToArray<int>();
    }

    static double[] Matrix(string kind, int n)
    {
        var random = Philox.For(5, kind);
        double[] x = [.. Enumerable.Range(0, n * n).Select(i => random.Normal((ulong)i))];
        double[] axes = GramSchmidt(x, n);
        return kind switch
        {
            "random" => Symmetric(x, n),
            "zero" => new double[n * n],
            "identity" => FromValues(Axes(n), n, _ => 1),
            "rank one" => FromValues(axes, n, i => i == 0 ? 3 : 0),
            "rank deficient" => FromValues(axes, n, i => i < n / 2 ? 1 + i : 0),
            "repeated" => FromValues(axes, n, i => i < n / 2 ? 2 : 1),
            "graded" => FromValues(axes, n, i => Math.Pow(0.5, i)),
            "blocks" => FromValues(Axes(n), n, i => i % 3),
            "tiny" => FromValues(axes, n, i => 1e-150 * (i + 1)),
            _ => axes,
        };
    }

    static double[] Axes(int n) => [.. Enumerable.Range(0, n * n).Select(i => i / n == i % n ? 1.0 : 0)];

    static double[] Symmetric(double[] x, int n) => [.. Enumerable.Range(0, n * n).Select(i => x[i] + x[i % n * n + i / n])];

    static double[] FromValues(double[] axes, int n, Func<int, double> value) =>
        [.. Enumerable.Range(0, n * n).Select(i => Enumerable.Range(0, n)
            .Sum(k => axes[Math.Max(i / n, i % n) * n + k] * value(k) * axes[Math.Min(i / n, i % n) * n + k]))];

    static double[] Product(double[] a, double[] b, int n) =>
        [.. Enumerable.Range(0, n * n).Select(i => Enumerable.Range(0, n).Sum(k => a[i / n * n + k] * b[k * n + i % n]))];

    static double[] GramSchmidt(double[] x, int n)
    {
        double[] q = (double[])x.Clone();
        for (int c = 0; c < n; c++)
        {
            for (int pass = 0; pass < 2; pass++)
                for (int other = 0; other < c; other++)
                {
                    double dot = Enumerable.Range(0, n).Sum(r => q[r * n + c] * q[r * n + other]);
                    for (int r = 0; r < n; r++)
                        q[r * n + c] -= dot * q[r * n + other];
                }
            double norm = Math.Sqrt(Enumerable.Range(0, n).Sum(r => q[r * n + c] * q[r * n + c]));
            for (int r = 0; r < n; r++)
                q[r * n + c] /= norm;
        }
        return q;
    }

    static void AssertOrthonormal(double[] q, int n, double tolerance)
    {
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(r => q[r * n + i] * q[r * n + j]), tolerance: tolerance * n);
    }

    /// <summary>A · q = λ · q for every column; the λ.</summary>
    static double[] Stretches(double[] a, double[] q, int n, double tolerance)
    {
        double[] turned = Product(a, q, n), values = new double[n];
        double size = a.Max(Math.Abs);
        for (int c = 0; c < n; c++)
        {
            values[c] = Enumerable.Range(0, n).Sum(r => q[r * n + c] * turned[r * n + c]);
            for (int r = 0; r < n; r++)
                Assert.Equal(values[c] * q[r * n + c], turned[r * n + c], tolerance: tolerance * n * size + double.Epsilon);
        }
        return values;
    }

    /// <summary>Eigenvalues, greatest first, by cyclic Jacobi rotations.</summary>
    static double[] Jacobi(double[] matrix, int n)
    {
        double[] a = (double[])matrix.Clone();
        for (int sweep = 0; sweep < 12; sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                {
                    if (a[p * n + q] == 0)
                        continue;
                    double angle = 0.5 * Math.Atan(2 * a[p * n + q] / (a[q * n + q] - a[p * n + p]));
                    double c = Math.Cos(angle), s = Math.Sin(angle);
                    for (int k = 0; k < n; k++)
                        (a[k * n + p], a[k * n + q]) = (c * a[k * n + p] - s * a[k * n + q], s * a[k * n + p] + c * a[k * n + q]);
                    for (int k = 0; k < n; k++)
                        (a[p * n + k], a[q * n + k]) = (c * a[p * n + k] - s * a[q * n + k], s * a[p * n + k] + c * a[q * n + k]);
                }
        return [.. Enumerable.Range(0, n).Select(i => a[i * n + i]).OrderDescending()];
    }
}
