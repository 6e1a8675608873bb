using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Cosines and sines of rotary positions, (positions, P): P/2 cosines, then P/2 sines, of position · θ^(−2i/P).
/// Su et al. 2021, "RoFormer", in the half-split layout: pair i is (i, i + P/2). P, the part of a head that is turned, is
/// D or less.
/// </summary>
public sealed class RopeTable : IDisposable
{
    /// <summary>
    /// The most numbers of a table, 1 GB of floats: a million positions of 256. A config that asks for more is a mistake, or
    /// wants the machine's memory.
    /// </summary>
    public const long MostNumbers = 1L << 28;

    readonly DeviceMemory _memory;

    /// <param name="device">Where the table lies.</param>
    /// <param name="type">Of its numbers.</param>
    /// <param name="positions">The longest sequence.</param>
    /// <param name="headDim">D</param>
    /// <param name="theta">The base of the wavelengths.</param>
    /// <param name="rotaryDim">P; 0 means D.</param>
    public RopeTable(IDevice device, DType type, int positions, int headDim, double theta, int rotaryDim = 0)
    {
        int turned = rotaryDim == 0 ? headDim : rotaryDim;
        if (turned % 2 != 0 || turned > headDim)
            throw new ArgumentException($"rotary positions turn pairs, and cannot turn {turned} columns of a head of {headDim}");
        long numbers = (long)positions * turned;
        if (numbers > MostNumbers)
            throw new ArgumentException($"{positions:N0} positions of {turned} are more than the {MostNumbers:N0} numbers of a rotary table");
        HeadDim = headDim;
        _memory = device.Allocate(numbers * type.SizeInBytes());
        var tensor = _memory.Tensor(type, new Shape(positions, turned));
        double[] frequencies = new double[turned / 2], row = new double[turned];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = Math.Pow(theta, -2.0 * i / turned);
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
