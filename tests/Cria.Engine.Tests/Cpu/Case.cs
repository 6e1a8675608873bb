using System.Runtime.InteropServices;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Cpu;

/// <summary>Tensors of one test case, freed together.</summary>
sealed class Case(ulong seed = 1) : IDisposable
{
    readonly List<DeviceMemory> _memory = [];
    readonly Philox _random = Philox.For(seed, "case");
    ulong _counter;

    public Tensor Random(int rows, int columns, double scale = 1)
    {
        var tensor = Filled(rows, columns, 0);
        foreach (ref float x in tensor.Span<float>())
            x = (float)(scale * _random.Normal(_counter++));
        return tensor;
    }

    /// <summary>NaN, where nothing else is asked for, so that what a kernel leaves out is seen.</summary>
    public Tensor Filled(int rows, int columns, float value = float.NaN)
    {
        var tensor = New(DType.F32, new Shape(rows, columns));
        tensor.Span<float>().Fill(value);
        return tensor;
    }

    public Tensor Copy(Tensor source)
    {
        var tensor = New(source.DType, source.Shape);
        tensor.Write<byte>(MemoryMarshal.AsBytes(source.Span<float>()));
        return tensor;
    }

    public Tensor Integers(params int[] values)
    {
        var tensor = New(DType.I32, new Shape(values.Length));
        tensor.Write<int>(values);
        return tensor;
    }

    public AttentionSpans Segments(params int[] starts) => new(Integers(starts));

    public void Dispose() => _memory.ForEach(memory => memory.Dispose());

    Tensor New(DType type, Shape shape)
    {
        var memory = CpuDevice.Instance.Allocate(shape.Length * type.SizeInBytes());
        _memory.Add(memory);
        return memory.Tensor(type, shape);
    }

    /// <summary>The greatest difference, relative to the greatest number; NaN where one of them is.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        double largest = 1e-30, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double a = actual.Span<float>()[i], b = expected.Span<float>()[i];
            largest = Math.Max(largest, Math.Abs(b));
            difference = Math.Max(difference, Math.Abs(a - b)); // Math.Max keeps NaN
        }
        return difference / largest;
    }

    public static bool SameBits(Tensor a, Tensor b) => SameBits(a.Span<float>(), b.Span<float>());

    public static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.Cast<float, int>(a).SequenceEqual(MemoryMarshal.Cast<float, int>(b));
}
