namespace Cria.Engine.Kernels;

/// <summary>Which of a product's two factors is transposed.</summary>
public enum ProductForm : byte
{
    /// <summary>a · b</summary>
    NN,

    /// <summary>a · bᵀ</summary>
    NT,

    /// <summary>aᵀ · b</summary>
    TN,
}
