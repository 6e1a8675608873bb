namespace Cria.Engine.Kernels;

/// <summary>What becomes of the product of two matrices: c = Keep · c + Scale · product + Diagonal · I.</summary>
/// <param name="Form">Which factor is transposed.</param>
public readonly record struct MatrixProduct(ProductForm Form)
{
    public double Scale { get; init; } = 1;

    /// <summary>How much of what is there stays; 0 writes without reading it.</summary>
    public double Keep { get; init; }

    /// <summary>Added to c's diagonal, or to as much of it as there is.</summary>
    public double Diagonal { get; init; }

    /// <summary>
    /// The product equals its transpose, as X · Xᵀ does: half of it is computed, and the other half is that half's mirror image
    /// bit for bit.
    /// </summary>
    public bool IsSymmetric { get; init; }
}
