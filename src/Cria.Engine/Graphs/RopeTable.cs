using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Cosines and sines of rotary positions, (positions, D): D/2 cosines, then D/2 sines, of position · θ^(−2i/D).
/// Su et al. 2021, "RoFormer", in the half-split layout: pair i is (i, i + D/2).
/// </summary>
public sealed class RopeTable : IDisposable
{
    readonly DeviceMemory _memory;

    public RopeTable(IDevice device, DType type, int positions, int headDim, double theta)
    {
        if (headDim % 2 != 0)
            throw new ArgumentException($"head_dim {headDim} is odd; rotary positions turn pairs");
        HeadDim = headDim;
        int half = headDim / 2;
        double[] table = new double[(long)positions * headDim];
        for (int position = 0; position < positions; position++)
            for (int i = 0; i < half; i++)
            {
                double angle = position * Math.Pow(theta, -2.0 * i / headDim);
                table[position * headDim + i] = Math.Cos(angle);
                table[position * headDim + half + i] = Math.Sin(angle);
            }
        _memory = device.Allocate((long)table.Length * type.SizeInBytes());
        var tensor = _memory.Tensor(type, new Shape(positions, headDim));
        if (type == DType.F64)
            tensor.Write<double>(table);
        else
            tensor.Write<float>(Array.ConvertAll(table, x => (float)x));
        Value = Value.External("rope_table", tensor);
    }

    public int HeadDim { get; }

    public Value Value { get; }

    public void Dispose() => _memory.Dispose();
}
