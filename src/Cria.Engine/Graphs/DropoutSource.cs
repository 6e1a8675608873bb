using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// What the dropout of a recorded training step draws from: a seed, and an input that says which rows of the training data
/// the step reads. Every op that drops has a stream of its own. A graph in which nothing drops has no such input.
/// </summary>
public sealed class DropoutSource(Graph graph, ulong seed)
{
    Value? _place;
    int _ops;

    /// <summary>I32 (2): the number of the step's first row in the training data.</summary>
    internal Value Place => _place ??= graph.Input("place", DType.I32, new Shape(2));

    /// <summary>Numbered in the order in which the model asks.</summary>
    internal Philox NextStream() => Philox.For(seed, $"dropout {_ops++}");

    /// <summary>Fills the input of a step.</summary>
    /// <param name="firstRow">How many rows (tokens) of the training data come before it.</param>
    public void Fill(long firstRow) => _place?.Data.Write<int>([(int)firstRow, (int)(firstRow >> 32)]);
}
