using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Cosines and sines of rotary positions, (positions, D): D/2 cosines, then D/2 sines, of position · θ^(−2i/D).
/// Su et al. 2021, "RoFormer", in the half-split layout: pair i is (i, i + D/2).
/// </summary>
public sealed class RopeTable : IDisposable
{
    /// <summary>
    /// The most numbers of a table, 1 GB of floats: a million positions of 256. A config that asks for more is a mistake, or
    /// wants the machine's memory.
    /// </summary>
    public const long MostNumbers = 1L << 28;

    readonly DeviceMemory _memory;

    public RopeTable(IDevice device, DType type, int positions, int headDim, double theta)
    {
        if (headDim % 2 != 0)
            throw new ArgumentException($"head_dim {headDim} is odd; rotary positions turn pairs");
        long numbers = (long)positions * headDim;
        if (numbers > MostNumbers)
            throw new ArgumentException($"{positions:N0} positions of {headDim} are more than the {MostNumbers:N0} numbers of a rotary table");
        HeadDim = headDim;
        _memory = device.Allocate(numbers * type.SizeInBytes());
        var tensor = _memory.Tensor(type, new Shape(positions, headDim));
        double[] frequencies = new double[headDim / 2], row = new double[headDim];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = Math.Pow(theta, -2.0 * i / headDim);
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < frequencies.Length; i++)
                (row[i], row[frequencies.Length + i]) = (Math.Cos(position * frequencies[i]), Math.Sin(position * frequencies[i]));
            var target = tensor.RowRange(position, 1);
            if (type == DType.F64)
                target.Write<double>(row);
            else
                target.Write<float>(Array.ConvertAll(row, x => (float)x));
        }
        Value = Value.External("rope_table", tensor);
    }

    public int HeadDim { get; }

    public Value Value { get; }

    public void Dispose() => _memory.Dispose();
}
