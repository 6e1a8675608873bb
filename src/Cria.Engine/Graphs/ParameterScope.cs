using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>Names parameters the way checkpoints do: <c>model.layers.0.self_attn.q_proj.weight</c>.</summary>
public readonly struct ParameterScope(ParameterStore store, string prefix = "")
{
    public ParameterStore Store => store;

    public ParameterScope Inside(string name) => new(store, $"{prefix}{name}.");

    /// <summary>A weight matrix (out, in); it decays.</summary>
    public Parameter Matrix(string name, int rows, int columns, Initializer initializer) =>
        store.Add(prefix + name, new Shape(rows, columns), initializer, decays: true);

    /// <summary>A norm's weight, all ones; it does not decay.</summary>
    public Parameter Ones(string name, int length) =>
        store.Add(prefix + name, new Shape(length), new Initializer.Constant(1), decays: false);

    /// <summary>A bias, all zeros; it does not decay.</summary>
    public Parameter Zeros(string name, int length) =>
        store.Add(prefix + name, new Shape(length), new Initializer.Constant(0), decays: false);
}
