using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// A leaf that outlives the step and that an optimizer may change. <see cref="Value.Data"/> is the form kernels compute
/// with; <see cref="Master"/> is the form the optimizer updates. On the CPU they are one.
/// </summary>
public sealed class Parameter : Value
{
    internal Parameter(string name, DType type, Shape shape, Initializer initializer, ParameterKind kind)
        : base(name, type, shape) => (Initializer, Kind) = (initializer, kind);

    public Tensor Master { get; internal set; }

    public Initializer Initializer { get; }

    public ParameterKind Kind { get; }

    /// <summary>A frozen parameter gets no gradient, and ops that only it would need are not run backward.</summary>
    public bool Trainable { get; set; } = true;
}
