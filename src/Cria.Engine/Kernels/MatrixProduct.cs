using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>What becomes of the product of two matrices: c = Scale · product + Keep · Kept + Diagonal · I.</summary>
/// <param name="Form">Which factor is transposed.</param>
public readonly record struct MatrixProduct(ProductForm Form)
{
    /// <summary>Not 0.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>0 reads nothing of what could be kept.</summary>
    public double Keep { get; init; }

    /// <summary>A batch of c's shape, c itself if it is nothing.</summary>
    public Tensor Kept { get; init; }

    /// <summary>Added to c's diagonal, or to as much of it as there is.</summary>
    public double Diagonal { get; init; }

    /// <summary>
    /// The product equals its transpose, as X · Xᵀ does: half of it is computed, and the other half is that half's mirror image
    /// bit for bit.
    /// </summary>
    public bool IsSymmetric { get; init; }
}
