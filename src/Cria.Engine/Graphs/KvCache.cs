using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>Keys and values of earlier tokens, a layer at a time: (sequences · capacity, K·D) each.</summary>
public sealed class KvCache : IDisposable
{
    readonly DeviceMemory _memory;
    readonly Value[] _keys, _values;

    public KvCache(IDevice device, DType type, int layers, int sequences, int capacity, int columns)
    {
        (Sequences, Capacity) = (sequences, capacity);
        var shape = new Shape(checked(sequences * capacity), columns);
        long bytes = (shape.Length * type.SizeInBytes() + 63) / 64 * 64;
        _memory = device.Allocate(2 * layers * bytes);
        _keys = new Value[layers];
        _values = new Value[layers];
        for (int layer = 0; layer < layers; layer++)
        {
            _keys[layer] = Value.External($"keys.{layer}", _memory.Tensor(type, shape, 2 * layer * bytes));
            _values[layer] = Value.External($"values.{layer}", _memory.Tensor(type, shape, (2 * layer + 1) * bytes));
        }
    }

    public int Sequences { get; }

    /// <summary>Tokens a sequence.</summary>
    public int Capacity { get; }

    public Value Keys(int layer) => _keys[layer];

    public Value Values(int layer) => _values[layer];

    public void Dispose() => _memory.Dispose();
}
