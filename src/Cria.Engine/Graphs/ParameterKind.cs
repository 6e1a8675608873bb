namespace Cria.Engine.Graphs;

/// <summary>What a parameter is to the optimizer, which treats some otherwise than others.</summary>
public enum ParameterKind
{
    /// <summary>The weights of a product inside the model.</summary>
    Matrix,

    /// <summary>A table of which a token, or a position, reads one row; also where the head is tied to it.</summary>
    Embedding,

    /// <summary>The projection onto the vocabulary, where it is not an embedding's.</summary>
    Head,

    /// <summary>A norm's weight.</summary>
    Norm,

    /// <summary>What is added to a product or to a norm.</summary>
    Bias,
}
