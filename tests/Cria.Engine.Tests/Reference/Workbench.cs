using System.Runtime.InteropServices;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Reference;

/// <summary>How many rows a call is recorded for, how many of them are live, and which row of the world is the first.</summary>
readonly record struct Extents(int Rows, int Live, int FirstRow = 0)
{
    public static implicit operator Extents(int rows) => new(rows, rows);
}

/// <summary>
/// The tensors of one kernel call. Every number is a function of (name, row, column), the same in F32 and F64, so that the
/// call can be repeated on another backend or with other rows around it. What must not be read holds NaN; what must not be
/// written holds a number that no kernel computes.
/// </summary>
sealed class Workbench(DType type, Extents extents) : IDisposable
{
    const double Untouched = 777;

    readonly List<DeviceMemory> _memory = [];
    readonly List<Slot> _slots = [];

    public int Rows => extents.Rows;

    public int Live => extents.Live;

    /// <summary>Where the rows begin among all that there could be.</summary>
    public int FirstRow => extents.FirstRow;

    /// <summary>(R, columns), normal numbers in the live rows.</summary>
    public Tensor Input(string name, int columns, double scale = 1) =>
        Add(name, new(extents.Rows, columns), isRowWise: true, scale);

    /// <summary>(R, columns) that holds nothing yet.</summary>
    public Tensor Output(string name, int columns) =>
        Add(name, new(extents.Rows, columns), isRowWise: true, double.NaN, dead: Untouched);

    /// <summary>(R, columns) whose contents nobody looks at afterwards.</summary>
    public Tensor Scratch(string name, int columns)
    {
        var tensor = Output(name, columns);
        _slots.RemoveAt(_slots.Count - 1);
        return tensor;
    }

    public Sink Sink(string name, int columns, SinkMode mode) =>
        mode == SinkMode.Nowhere ? Kernels.Sink.Nowhere :
        new(Add(name, new(extents.Rows, columns), isRowWise: true, mode == SinkMode.Add ? 1 : double.NaN, dead: Untouched), mode);

    /// <summary>Normal numbers in a shape that does not depend on the rows; NaN in rows that must not be read.</summary>
    public Tensor Weight(string name, Shape shape, double scale = 1, Func<int, bool>? isDead = null) =>
        Add(name, shape, isRowWise: false, scale, isDead);

    public Sink WeightSink(string name, Shape shape, SinkMode mode) =>
        mode == SinkMode.Nowhere ? Kernels.Sink.Nowhere :
        new(Weight(name, shape, mode == SinkMode.Add ? 1 : double.NaN), mode);

    /// <summary>I32 (R, 1) in 0 .. below; every eleventh is −1 if asked for.</summary>
    public Tensor Ids(string name, int below, bool someNegative = false)
    {
        int[] values = new int[extents.Rows];
        for (int r = 0; r < extents.Live; r++)
        {
            int row = r + extents.FirstRow;
            uint word = Philox.For(0, name).Words((ulong)row).A;
            values[r] = someNegative && row % 11 == 5 ? -1 : (int)(word % (uint)below);
        }
        return Whole(name, values, new(extents.Rows, 1), isRowWise: true);
    }

    /// <summary>I32 (R, columns): row r of all that there could be has ids 0 .. below in ascending order, from none to all but one of
    /// the columns' or of them, and −1 behind.</summary>
    public Tensor SomeIds(string name, int below, int columns)
    {
        int[] values = new int[extents.Rows * columns];
        Array.Fill(values, -1);
        for (int r = 0; r < extents.Live; r++)
        {
            int row = r + extents.FirstRow, count = row % Math.Min(columns + 1, below), stride = Math.Max(1, below / (columns + 1));
            for (int i = 0; i < count; i++)
                values[r * columns + i] = i * stride + row % stride;
        }
        return Whole(name, values, new(extents.Rows, columns), isRowWise: true);
    }

    public Tensor Integers(string name, params int[] values) => Whole(name, values, new(values.Length), isRowWise: false);

    /// <summary>F32 whatever the type of the call.</summary>
    public Tensor Scalars(string name, params float[] values)
    {
        var tensor = Allocate(name, DType.F32, new(values.Length), isRowWise: false);
        tensor.Write<float>(values);
        return tensor;
    }

    public AttentionSpans Spans(int[] lengths, int unused = 0)
    {
        int[] starts = new int[lengths.Length + unused + 1];
        for (int s = 0; s < lengths.Length; s++)
            starts[s + 1] = starts[s] + lengths[s];
        starts.AsSpan(lengths.Length).Fill(starts[lengths.Length]);
        return new(Integers("starts", starts));
    }

    public IReadOnlyList<Result> Results() =>
        [.. _slots.Select(s => new Result(s.Name, s.Tensor.DType, s.Tensor.Shape, s.IsRowWise, Bytes(s.Tensor)))];

    public void Dispose() => _memory.ForEach(block => block.Dispose());

    Tensor Add(string name, Shape shape, bool isRowWise, double scale, Func<int, bool>? isDeadRow = null,
        double dead = double.NaN)
    {
        var tensor = Allocate(name, type, shape, isRowWise);
        double[] values = new double[shape.Length];
        var random = Philox.For(0, name);
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / shape.Columns, column = i % shape.Columns;
            bool isDead = isRowWise ? row >= extents.Live : isDeadRow?.Invoke(row) ?? false;
            ulong place = (ulong)(row + (isRowWise ? extents.FirstRow : 0)) << 32 | (uint)column;
            values[i] = isDead ? dead : double.IsNaN(scale) ? double.NaN : (float)(scale * Number(random.Words(place)));
        }
        if (type == DType.F64)
            tensor.Write<double>(values);
        else
            tensor.Write<float>(Array.ConvertAll(values, x => (float)x));
        return tensor;
    }

    Tensor Whole(string name, int[] values, Shape shape, bool isRowWise)
    {
        var tensor = Allocate(name, DType.I32, shape, isRowWise);
        tensor.Write<int>(values);
        return tensor;
    }

    Tensor Allocate(string name, DType of, Shape shape, bool isRowWise)
    {
        var block = CpuDevice.Instance.Allocate(shape.Length * of.SizeInBytes());
        _memory.Add(block);
        var tensor = new Tensor(CpuDevice.Instance, block.Address, of, shape, isRowWise ? Extent() : 0);
        _slots.Add(new(name, tensor, isRowWise));
        return tensor;
    }

    nint Extent()
    {
        if (extents.Live == extents.Rows)
            return 0;
        var block = CpuDevice.Instance.Allocate(sizeof(int));
        _memory.Add(block);
        block.Tensor(DType.I32, new(1)).Write<int>([extents.Live]);
        return block.Address;
    }

    // Four uniform numbers add up to a nearly normal one, much sooner than a logarithm and a cosine.
    static double Number((uint A, uint B, uint C, uint D) words) =>
        ((double)words.A + words.B + words.C + words.D - 2.0 * uint.MaxValue) / uint.MaxValue * Math.Sqrt(3);

    static byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.SizeInBytes];
        tensor.Read(bytes.AsSpan());
        return bytes;
    }

    readonly record struct Slot(string Name, Tensor Tensor, bool IsRowWise);
}

/// <summary>What a tensor holds after a call.</summary>
sealed record Result(string Name, DType Type, Shape Shape, bool IsRowWise, byte[] Bytes)
{
    public double[] Values => Type switch
    {
        DType.F64 => MemoryMarshal.Cast<byte, double>(Bytes).ToArray(),
        DType.F32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(Bytes).ToArray(), x => (double)x),
        _ => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(Bytes).ToArray(), x => (double)x),
    };

    public ReadOnlySpan<byte> Row(int row) =>
        Bytes.AsSpan(row * Shape.Columns * Type.SizeInBytes(), Shape.Columns * Type.SizeInBytes());
}
