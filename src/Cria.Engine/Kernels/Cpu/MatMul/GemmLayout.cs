namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>Which of the two factors is stored transposed. All matrices are row-major.</summary>
public enum GemmLayout
{
    /// <summary>c (m, n) = a (m, k) · b (k, n): the input gradient, dy · W.</summary>
    NN,

    /// <summary>c (m, n) = a (m, k) · b (n, k)ᵀ: the forward product, x · Wᵀ.</summary>
    NT,

    /// <summary>c (m, n) = a (k, m)ᵀ · b (k, n): the weight gradient, dyᵀ · x.</summary>
    TN,
}
