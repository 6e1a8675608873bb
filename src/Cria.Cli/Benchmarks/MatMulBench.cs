using System.Diagnostics;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// One product's rates in GFLOP/s, ours and each library's by its name, and our shares of the FMA peak and of each library.
/// A share is the middle one of those of each turn: within a turn all see the same machine, from turn to turn it changes.
/// </summary>
public sealed record MatMulResult(MatMulShape Shape, int Threads, double Gflops, IReadOnlyDictionary<string, double> Libraries,
    double OfFmaPeak, IReadOnlyDictionary<string, double> OfLibraries)
{
    /// <summary>The fastest library's rate; null where none is installed.</summary>
    public double? BlasGflops => Libraries.Count == 0 ? null : Libraries.Values.Max();
}

/// <summary>
/// Times the products of a step, ours and the libraries', in turns of several calls.
/// </summary>
sealed unsafe class MatMulBench(IKernels kernels, int threads, IReadOnlyList<BlasLibrary> libraries)
{
    /// <summary>Long enough for the threads of the one before to stop spinning on our cores.</summary>
    public const int RestMilliseconds = 30;

    const int Turns = 5;

    /// <param name="shape">The product.</param>
    /// <param name="seconds">Time for each contestant.</param>
    /// <param name="fmaPeak">The peak of the moment, in GFLOP/s.</param>
    public MatMulResult Run(MatMulShape shape, double seconds, Func<double> fmaPeak) => Run(shape, seconds, Turns, fmaPeak);

    /// <summary>The best rate of any of the products, by us or by a library: the ceiling that a step is held against.</summary>
    public double Peak(IEnumerable<MatMulShape> shapes, double seconds)
    {
        double best = 0;
        foreach (var shape in shapes)
        {
            var result = Run(shape, seconds, 1, fmaPeak: null);
            best = Math.Max(best, Math.Max(result.Gflops, result.BlasGflops ?? 0));
        }
        return best;
    }

    MatMulResult Run(MatMulShape shape, double seconds, int turns, Func<double>? fmaPeak)
    {
        var device = CpuDevice.Instance;
        using var a = Filled(device, (long)shape.M * shape.K);
        using var b = Filled(device, (long)shape.N * shape.K);
        using var c = device.Allocate((long)shape.M * shape.N * sizeof(float));
        var product = c.Tensor(DType.F32, new Shape(shape.M, shape.N));
        var left = a.Tensor(DType.F32, shape.TransA ? new Shape(shape.K, shape.M) : new Shape(shape.M, shape.K));
        var right = b.Tensor(DType.F32, shape.TransB ? new Shape(shape.N, shape.K) : new Shape(shape.K, shape.N));

        var contestants = new List<Action> { () => Multiply(product, left, right, shape) };
        foreach (var library in libraries)
        {
            library.SetThreads(threads);
            contestants.Add(() => library.Run(shape, (float*)c.Address, (float*)a.Address, (float*)b.Address));
        }
        double[] peaks = new double[turns];
        double[][] rates = [.. contestants.Select(_ => new double[turns])];
        for (int turn = 0; turn < turns; turn++)
        {
            peaks[turn] = fmaPeak is null ? double.NaN : Rested(fmaPeak);
            for (int i = 0; i < contestants.Count; i++)
            {
                Rest();
                rates[i][turn] = shape.Flops / TakeTurn(contestants[i], seconds / turns) / 1e9;
            }
        }
        double Share(double[] of) => Sample.Median([.. rates[0].Zip(of, (ours, theirs) => ours / theirs)]);
        return new(shape, threads, Sample.Median(rates[0]), Named(rates[1..], Sample.Median), Share(peaks), Named(rates[1..], Share));
    }

    Dictionary<string, double> Named(double[][] rates, Func<double[], double> figure) =>
        libraries.Zip(rates).ToDictionary(p => p.First.Name, p => figure(p.Second));

    double Rested(Func<double> measure)
    {
        Rest();
        return measure();
    }

    void Rest()
    {
        if (libraries.Count > 0)
            Thread.Sleep(RestMilliseconds);
    }

    /// <summary>The median time; the first call of a turn finds cold caches and sleeping threads and is not counted.</summary>
    static double TakeTurn(Action multiply, double seconds)
    {
        var times = new List<double>();
        multiply();
        long began = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            multiply();
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
        return Sample.Median(times);
    }

    void Multiply(Tensor product, Tensor left, Tensor right, MatMulShape shape)
    {
        if (shape.TransB)
            kernels.MatMul(product, left, right);
        else if (shape.TransA)
            kernels.MatMulWeight(product, left, right);
        else
            kernels.MatMulInput(product, left, right);
    }

    static DeviceMemory Filled(CpuDevice device, long length)
    {
        var memory = device.Allocate(length * sizeof(float));
        var random = new Philox(1);
        var span = memory.Tensor(DType.F32, new Shape(checked((int)length))).Span<float>();
        for (int i = 0; i < span.Length; i++)
            span[i] = (float)random.Uniform((ulong)i & 0xFFFF) - 0.5f;
        return memory;
    }
}
