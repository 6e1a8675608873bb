using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// What a product adds to itself before it is written, while it is still near: bias (1, N) to every row, and a residual
/// (R, N) of the product's shape. Either may be nothing; the default adds nothing.
/// </summary>
public readonly struct Epilogue(Tensor bias, Tensor residual = default)
{
    public Tensor Bias => bias;

    public Tensor Residual => residual;
}
