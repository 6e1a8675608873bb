using System.Diagnostics;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>One shape's rates in GFLOP/s and their shares of the matmul peak of the same run.</summary>
public sealed record AttentionResult(
    AttentionBenchShape Shape, double ForwardGflops, double BackwardGflops, double Gflops,
    double ForwardShare, double BackwardShare, double Share);

/// <summary>Times attention forward and backward on random numbers; its shapes take turns, and medians count.</summary>
sealed class AttentionBench : IDisposable
{
    readonly IKernels _kernels;
    readonly List<DeviceMemory> _memory = [];
    readonly AttentionBenchShape _shape;
    readonly AttentionSpans _spans;
    readonly Tensor _q, _k, _v, _y, _dy, _dq, _dk, _dv, _logSumExp, _delta;
    readonly List<double> _forward = [], _backward = [];

    public AttentionBench(AttentionBenchShape shape, IKernels kernels)
    {
        (_shape, _kernels) = (shape, kernels);
        int wide = shape.NumHeads * shape.HeadDim, narrow = shape.NumKeyValueHeads * shape.HeadDim;
        (_q, _k, _v, _dy) = (Random(wide, 1), Random(narrow, 2), Random(narrow, 3), Random(wide, 4));
        (_y, _dq, _dk, _dv) = (Filled(wide), Filled(wide), Filled(narrow), Filled(narrow));
        (_logSumExp, _delta) = (Filled(shape.NumHeads), Filled(shape.NumHeads));
        var starts = New(DType.I32, new Shape(shape.Batch + 1));
        starts.Write<int>([.. Enumerable.Range(0, shape.Batch + 1).Select(s => s * shape.Length)]);
        _spans = new(starts);
    }

    /// <summary>Forward and backward in turns for so long; the first of each finds cold caches and is not counted.</summary>
    public void TakeTurn(double seconds)
    {
        Forward();
        Backward();
        long began = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            Forward();
            long between = Stopwatch.GetTimestamp();
            Backward();
            _forward.Add(Stopwatch.GetElapsedTime(before, between).TotalSeconds);
            _backward.Add(Stopwatch.GetElapsedTime(between).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
    }

    /// <param name="peak">The matmul peak in GFLOP/s.</param>
    public AttentionResult Result(double peak)
    {
        double forward = Sample.Median(_forward), backward = Sample.Median(_backward);
        double ahead = _shape.ForwardFlops / forward / 1e9, back = _shape.BackwardFlops / backward / 1e9;
        double both = (_shape.ForwardFlops + _shape.BackwardFlops) / (forward + backward) / 1e9;
        return new(_shape, ahead, back, both, ahead / peak, back / peak, both / peak);
    }

    public void Dispose() => _memory.ForEach(memory => memory.Dispose());

    void Forward() => _kernels.Attention(_y, _logSumExp, _q, _k, _v, _spans, _shape.Kernel);

    void Backward() => _kernels.AttentionBackward(
        _dq, _dk, _dv, _delta, _dy, _y, _logSumExp, _q, _k, _v, _spans, _shape.Kernel);

    Tensor Random(int columns, ulong seed)
    {
        var tensor = Filled(columns);
        var random = new Philox(seed);
        var span = tensor.Span<float>();
        for (int i = 0; i < span.Length; i++)
            span[i] = (float)random.Normal((ulong)i);
        return tensor;
    }

    Tensor Filled(int columns)
    {
        var tensor = New(DType.F32, new Shape(_shape.Rows, columns));
        tensor.Span<float>().Clear();
        return tensor;
    }

    Tensor New(DType type, Shape shape)
    {
        var memory = CpuDevice.Instance.Allocate(shape.Length * type.SizeInBytes());
        _memory.Add(memory);
        return memory.Tensor(type, shape);
    }
}
