using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>Names parameters the way checkpoints do: <c>model.layers.0.self_attn.q_proj.weight</c>.</summary>
public readonly struct ParameterScope(ParameterStore store, string prefix = "")
{
    public ParameterStore Store => store;

    public ParameterScope Inside(string name) => new(store, $"{prefix}{name}.");

    /// <summary>A weight matrix (out, in).</summary>
    public Parameter Matrix(string name, int rows, int columns, Initializer initializer) =>
        store.Add(prefix + name, new Shape(rows, columns), initializer, ParameterKind.Matrix);

    /// <summary>A table (rows, width) of which each token reads one row.</summary>
    public Parameter Embedding(string name, int rows, int columns, Initializer initializer) =>
        store.Add(prefix + name, new Shape(rows, columns), initializer, ParameterKind.Embedding);

    /// <summary>The head's own matrix (vocabulary, width).</summary>
    public Parameter Head(string name, int rows, int columns, Initializer initializer) =>
        store.Add(prefix + name, new Shape(rows, columns), initializer, ParameterKind.Head);

    /// <summary>A norm's weight, all ones.</summary>
    public Parameter Ones(string name, int length) =>
        store.Add(prefix + name, new Shape(length), new Initializer.Constant(1), ParameterKind.Norm);

    /// <summary>A bias, all zeros.</summary>
    public Parameter Zeros(string name, int length) =>
        store.Add(prefix + name, new Shape(length), new Initializer.Constant(0), ParameterKind.Bias);
}
