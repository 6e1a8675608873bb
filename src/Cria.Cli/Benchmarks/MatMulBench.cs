using System.Diagnostics;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Cli.Benchmarks;

/// <summary>One product's rate, ours and the CBLAS's, in GFLOP/s.</summary>
public sealed record MatMulResult(MatMulShape Shape, int Threads, double Gflops, double? BlasGflops);

/// <summary>Times the products of a step, ours and a CBLAS's in turn; each figure is the median of its runs.</summary>
sealed unsafe class MatMulBench(IKernels kernels, int threads, Cblas? blas)
{
    public MatMulResult Run(MatMulShape shape, double seconds)
    {
        var device = CpuDevice.Instance;
        using var a = Filled(device, (long)shape.M * shape.K);
        using var b = Filled(device, (long)shape.N * shape.K);
        using var c = device.Allocate((long)shape.M * shape.N * sizeof(float));
        var product = c.Tensor(DType.F32, new Shape(shape.M, shape.N));
        var left = a.Tensor(DType.F32, shape.TransA ? new Shape(shape.K, shape.M) : new Shape(shape.M, shape.K));
        var right = b.Tensor(DType.F32, shape.TransB ? new Shape(shape.N, shape.K) : new Shape(shape.K, shape.N));
        blas?.SetThreads(threads);

        var ours = new List<double>();
        var theirs = new List<double>();
        long began = Stopwatch.GetTimestamp();
        do
        {
            ours.Add(Time(() => Multiply(product, left, right, shape)));
            if (blas is not null)
                theirs.Add(Time(() => blas.Run(shape, (float*)c.Address, (float*)a.Address, (float*)b.Address)));
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds || ours.Count < 5);
        return new(shape, threads, shape.Flops / Median(ours) / 1e9, blas is null ? null : shape.Flops / Median(theirs) / 1e9);
    }

    /// <summary>The best rate of any of the products, by us or by the CBLAS: the ceiling that a step is held against.</summary>
    public double Peak(IEnumerable<MatMulShape> shapes, double seconds)
    {
        double best = 0;
        foreach (var shape in shapes)
        {
            var result = Run(shape, seconds);
            best = Math.Max(best, Math.Max(result.Gflops, result.BlasGflops ?? 0));
        }
        return best;
    }

    /// <summary>The middle of several times; the first, cold one is left out.</summary>
    public static double Median(List<double> times)
    {
        double[] sorted = [.. times.Skip(1).Order()];
        return sorted[sorted.Length / 2];
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

    static double Time(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
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
