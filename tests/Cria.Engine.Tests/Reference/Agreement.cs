using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Reference;

/// <summary>A call that makes its tensors on the bench and runs one kernel.</summary>
delegate void KernelCall(Workbench bench, IKernels kernels);

/// <summary>The laws of the waist, for one kernel call on every backend of this process.</summary>
static class Agreement
{
    /// <summary>
    /// Each backend in float32 against Reference in float64. An element may differ by tolerance times the sum of its size
    /// and the root mean square of its tensor (at least 0.1: numbers of size 1 went in, and zeros are what cancelled).
    /// Inputs and dead rows must be what they were.
    /// </summary>
    public static void Holds(Extents extents, KernelCall call, double tolerance = 1e-5)
    {
        var expected = Run(new ReferenceKernels<double>(), DType.F64, extents, call);
        foreach (var kernels in Backends.With(threads: 2))
            AreClose(kernels.Name, expected, Run(kernels, DType.F32, extents, call), tolerance);
    }

    /// <summary>1, 2 and 3 threads give the same bits.</summary>
    public static void IsTheSameOnAnyNumberOfThreads(Extents extents, KernelCall call)
    {
        for (int i = 0; i < Backends.With(1).Count; i++)
        {
            var one = Run(Backends.With(1)[i], DType.F32, extents, call);
            for (int threads = 2; threads <= 3; threads++)
                AreIdentical($"{Backends.With(1)[i].Name}, {threads} threads", one,
                    Run(Backends.With(threads)[i], DType.F32, extents, call));
        }
    }

    /// <summary>A row of every row-wise result has the same bits whatever rows stand around it.</summary>
    public static void IsTheSameForARowInAnyCompany(int rows, KernelCall call)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            var together = Run(kernels, DType.F32, rows, call);
            foreach (var (first, count) in Companies(rows))
                RowsAreIdentical(kernels.Name, together, Run(kernels, DType.F32, new(count, count, first), call), first);
            foreach (int live in new[] { 1, rows / 2 })
                RowsAreIdentical(kernels.Name, together, Run(kernels, DType.F32, new(rows, live), call), 0, live);
        }
    }

    public static IReadOnlyList<Result> Run(IKernels kernels, DType type, Extents extents, KernelCall call)
    {
        using var bench = new Workbench(type, extents);
        call(bench, kernels);
        return bench.Results();
    }

    public static void AreIdentical(string who, IReadOnlyList<Result> expected, IReadOnlyList<Result> actual)
    {
        foreach (var (x, y) in expected.Zip(actual))
            for (int r = 0; r < x.Shape.Rows; r++)
                Assert.True(x.Row(r).SequenceEqual(y.Row(r)), $"{who}: row {r} of {x.Name}{x.Shape} has other bits");
    }

    public static void RowsAreIdentical(string who, IReadOnlyList<Result> together, IReadOnlyList<Result> part, int first,
        int? live = null)
    {
        foreach (var (x, y) in together.Zip(part))
            for (int r = 0; x.IsRowWise && r < (live ?? y.Shape.Rows); r++)
                Assert.True(x.Row(first + r).SequenceEqual(y.Row(r)),
                    $"{who}: row {first + r} of {x.Name}{x.Shape} has other bits among {y.Shape.Rows} rows, {live} live");
    }

    static void AreClose(string who, IReadOnlyList<Result> expected, IReadOnlyList<Result> actual, double tolerance)
    {
        foreach (var (x, y) in expected.Zip(actual))
        {
            double[] wanted = x.Values, got = y.Values;
            double size = Math.Max(0.1, Math.Sqrt(wanted.Where(double.IsFinite).Select(v => v * v).DefaultIfEmpty().Average()));
            for (int i = 0; i < wanted.Length; i++)
            {
                bool isClose = double.IsNaN(wanted[i])
                    ? double.IsNaN(got[i])
                    : wanted[i] == got[i] || Math.Abs(wanted[i] - got[i]) <= tolerance * (Math.Abs(wanted[i]) + size);
                if (!isClose)
                    Assert.Fail($"{who}: {x.Name}{x.Shape}[{i / x.Shape.Columns}, {i % x.Shape.Columns}] " +
                        $"is {got[i]:G9}, Reference has {wanted[i]:G9} (tensor rms {size:G3})");
            }
        }
    }

    static IEnumerable<(int First, int Count)> Companies(int rows) =>
        [(0, 1), (rows / 2, 1), (rows - 1, 1), (1, 2), (rows - 3, 3), (2, 5), (0, rows - 1), (1, rows - 1)];
}
