using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>Tensors one after the other in one allocation: their sizes are known before the memory is.</summary>
sealed class Blocks
{
    readonly List<(string Name, DType Type, long Length)> _blocks = [];

    public long Bytes => _blocks.Sum(block => Padded(block.Length * block.Type.SizeInBytes()));

    /// <param name="name">What a checkpoint calls it; no checkpoint keeps one without a name.</param>
    public Blocks Add(string name, DType type, long length)
    {
        _blocks.Add((name, type, length));
        return this;
    }

    public Tensor[] In(DeviceMemory memory)
    {
        var tensors = new Tensor[_blocks.Count];
        long offset = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            var (_, type, length) = _blocks[i];
            tensors[i] = memory.Tensor(type, new Shape(checked((int)length)), offset);
            offset += Padded(length * type.SizeInBytes());
        }
        return tensors;
    }

    /// <summary>Those that checkpoints keep.</summary>
    public (string Name, Tensor State)[] Slots(Tensor[] tensors) =>
        [.. _blocks.Select((block, i) => (block.Name, tensors[i])).Where(slot => slot.Name.Length > 0 && slot.Item2.Length > 0)];

    /// <summary>A batch of matrices within a flat tensor.</summary>
    public static Tensor Part(Tensor flat, long first, Shape shape) =>
        new(flat.Device, flat.Address + (nint)(first * flat.DType.SizeInBytes()), flat.DType, shape);

    static long Padded(long bytes) => (bytes + 255) / 256 * 256;
}
