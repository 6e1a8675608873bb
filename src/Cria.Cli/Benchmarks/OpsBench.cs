using System.Diagnostics;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;
using Cria.Training.Optimizers;

namespace Cria.Cli.Benchmarks;

/// <summary>One kernel's median time beside that of plain memory traffic of as many bytes.</summary>
/// <param name="Bytes">What it must read and write, each number once.</param>
/// <param name="Traffic">What it is held against: copying as many bytes in all, or reading them where it writes none.</param>
/// <param name="Share">The traffic's time over the kernel's.</param>
public sealed record OpResult(
    string Op, long Bytes, double Microseconds, double GigabytesPerSecond, string Traffic, double TrafficGigabytesPerSecond, double Share);

/// <summary>
/// Times the kernels between the products at lilLM-39M's sizes, and after each the machine's own traffic of as many bytes on
/// the same threads: what is small stays in a cache for both. A copy's bytes are those it reads and those it writes.
/// </summary>
sealed class OpsBench(IKernels kernels, WorkerPool pool) : IDisposable
{
    const int Rows = 2048, Hidden = 512, Intermediate = 1408, Vocabulary = 8192, HeadDim = 32, Length = 512;

    /// <summary>Rows of logits that the loss head makes at a time.</summary>
    const int Chunk = 128;

    const int Parameters = 39_596_544;

    const int Turns = 3;

    readonly List<DeviceMemory> _memory = [];
    readonly Philox _random = new(1);

    /// <param name="seconds">Time for each kernel.</param>
    /// <param name="only">A part of the names to measure; empty for all.</param>
    public IEnumerable<OpResult> Run(double seconds, string only = "")
    {
        foreach (var (name, floats, writes, run) in Kernels())
            if (name.Contains(only, StringComparison.Ordinal))
                yield return Measure(name, floats * sizeof(float), writes, run, seconds);
    }

    public void Dispose()
    {
        foreach (var block in _memory)
            block.Dispose();
    }

    OpResult Measure(string name, long bytes, bool writes, Action run, double seconds)
    {
        var times = new List<double>();
        var rates = new List<double>();
        for (int turn = 0; turn < Turns; turn++)
        {
            run();
            run();
            long began = Stopwatch.GetTimestamp();
            do
            {
                long before = Stopwatch.GetTimestamp();
                run();
                times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
            }
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds / Turns);
            rates.Add(writes ? MemoryBandwidth.Copy(pool, bytes) : MemoryBandwidth.Read(pool, bytes));
        }
        double time = Sample.Median(times), rate = Sample.Median(rates);
        return new(name, bytes, time * 1e6, bytes / time / 1e9, writes ? "copy" : "read", rate / 1e9, bytes / time / rate);
    }

    /// <summary>Each kernel as a step calls it, with the floats it must move and whether it writes any that count.</summary>
    IEnumerable<(string Name, long Floats, bool Writes, Action Run)> Kernels()
    {
        const long Narrow = Rows * Hidden, Wide = Rows * Intermediate, Logits = Chunk * Vocabulary;
        Tensor x = New(Rows, Hidden), y = New(Rows, Hidden), z = New(Rows, Hidden), weight = New(1, Hidden), rms = New(Rows, 1);
        Tensor table = New(Vocabulary, Hidden), dTable = New(Vocabulary, Hidden), ids = Integers(Rows, Vocabulary);
        yield return ("embed", 2 * Narrow, true, () => kernels.Embed(y, table, ids));
        yield return ("embed backward", 3 * Narrow, true, () => kernels.EmbedBackward(new(dTable, SinkMode.Add), y, ids, -1));
        yield return ("rmsnorm", 2 * Narrow, true, () => kernels.RmsNorm(y, rms, x, weight, 1e-6f));
        var dWeight = New(1, Hidden);
        yield return ("rmsnorm backward", 4 * Narrow, true,
            () => kernels.RmsNormBackward(new(z, SinkMode.Add), dWeight, y, x, weight, rms));
        yield return ("add", 3 * Narrow, true, () => kernels.Map<Sum>(z, x, y));
        yield return ("add backward", 3 * Narrow, true, () => kernels.MapBackward<Sum>(y, z, x, x, x));

        Tensor positions = Integers(Rows, Length), turns = New(Length, HeadDim);
        yield return ("rope", 2 * Narrow, true, () => kernels.Rope(y, x, positions, turns, HeadDim, inverse: false));
        yield return ("rope backward", 2 * Narrow, true, () => kernels.Rope(y, x, positions, turns, HeadDim, inverse: true));

        Tensor gate = New(Rows, Intermediate), up = New(Rows, Intermediate), product = New(Rows, Intermediate);
        Tensor dGate = New(Rows, Intermediate), dUp = New(Rows, Intermediate);
        yield return ("swiglu", 3 * Wide, true, () => kernels.Map<SwiGlu>(product, gate, up));
        yield return ("swiglu backward", 5 * Wide, true, () => kernels.MapBackward<SwiGlu>(dGate, dUp, product, gate, up));

        Tensor logits = New(Chunk, Vocabulary), losses = New(Chunk, 1), weights = New(Chunk, 1), targets = Integers(Chunk, Vocabulary);
        yield return ("cross-entropy", Logits, false, () => kernels.CrossEntropy(losses, logits, targets, smoothing: 0));
        yield return ("cross-entropy gradient", 2 * Logits, true,
            () => kernels.CrossEntropyGradient(losses, logits, targets, weights, smoothing: 0));
        Tensor teachers = New(Chunk, Vocabulary), surprises = New(Chunk, 1), distances = New(Chunk, 1);
        yield return ("softmax", 2 * Logits, true, () => kernels.Softmax(teachers, logits, 0.5f, 1));
        yield return ("distillation", 3 * Logits, true,
            () => kernels.Distillation(losses, surprises, distances, logits, teachers, targets, weights, new(0.5f, 2, 2)));
        Tensor all = New(Rows, 1), total = New(1, 1);
        yield return ("weighted sum", 2 * Rows, false, () => kernels.WeightedSum(total, all, rms));

        Tensor w = New(1, Parameters), m = New(1, Parameters, 0), v = New(1, Parameters, 0), g = New(1, Parameters);
        var scalars = New(1, (int)StepScalar.Count);
        yield return ("clip by global norm", Parameters, false, () => kernels.ClipByGlobalNorm(scalars, g, 1));
        scalars.Write<float>([1e-4f, 0.1f, 0.05f, 1, 0.5f, 1, 10, 20]);
        yield return ("adamw", 7L * Parameters, true,
            () => kernels.AdamW(w, m, v, g, scalars, new(0.9f, 0.95f, 1e-8f, 0.1f)));
        yield return ("adamw update", 7L * Parameters, true,
            () => kernels.Update(w, m, v, default, g, scalars, new AdamWUpdate(0.9f, 0.95f, 1e-8f, 0.1f, 1)));
    }

    Tensor New(int rows, int columns, float scale = 1)
    {
        var tensor = Allocate(DType.F32, rows, columns);
        var span = tensor.Span<float>();
        for (int i = 0; i < span.Length; i++)
            span[i] = scale * ((float)_random.Uniform((ulong)i & 0xFFFF) - 0.5f);
        return tensor;
    }

    Tensor Integers(int rows, int below)
    {
        var tensor = Allocate(DType.I32, rows, 1);
        tensor.Write<int>([.. Enumerable.Range(0, rows).Select(i => (int)(_random.Uniform((ulong)i) * below))]);
        return tensor;
    }

    Tensor Allocate(DType type, int rows, int columns)
    {
        var block = CpuDevice.Instance.Allocate((long)rows * columns * type.SizeInBytes());
        _memory.Add(block);
        return block.Tensor(type, new Shape(rows, columns));
    }
}
