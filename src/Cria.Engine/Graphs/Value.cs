using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// What an op reads or writes: a name, a type, a shape now, and an address after planning. Values that outlive the step
/// (parameters, tables, caches) have their address from the beginning.
/// </summary>
public class Value(string name, DType type, Shape shape)
{
    Tensor _data;

    public string Name => name;

    public DType DType => type;

    public Shape Shape => shape;

    public int Rows => shape.Rows;

    public int Columns => shape.Columns;

    /// <summary>Rounded up to whole 64-byte lines: what the arena gives it.</summary>
    public long SizeInBytes => (shape.Length * type.SizeInBytes() + 63) / 64 * 64;

    public Tensor Data => _data;

    /// <summary>The gradient, if somebody upstream learns; the planner decides.</summary>
    public Value? Gradient { get; internal set; }

    /// <summary>Its leading size is the plan's capacity, and only the rows below the step's extent are live.</summary>
    public bool FollowsExtent { get; init; }

    /// <summary>True where the memory is not the arena's.</summary>
    public bool IsExternal { get; private init; }

    /// <summary>A value in memory that the caller owns.</summary>
    public static Value External(string name, Tensor tensor)
    {
        var value = new Value(name, tensor.DType, tensor.Shape) { IsExternal = true };
        value.Bind(tensor);
        return value;
    }

    internal void Bind(Tensor tensor) => _data = tensor;

    public override string ToString() => $"{name} {type}{shape}";
}
