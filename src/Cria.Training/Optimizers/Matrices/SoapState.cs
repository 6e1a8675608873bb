using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>What <see cref="Soap"/> carries and works in; every batch has its part of the first eight.</summary>
sealed class SoapState(Tensor[] tensors)
{
    public Tensor Updates => tensors[0];

    public Tensor First => tensors[1];

    public Tensor Second => tensors[2];

    public Tensor Left => tensors[3];

    public Tensor LeftBasis => tensors[4];

    public Tensor Right => tensors[5];

    public Tensor RightBasis => tensors[6];

    public Tensor RestFirst => tensors[7];

    public Tensor RestSecond => tensors[8];

    /// <summary>Three batches of the largest size.</summary>
    public Tensor Scratch => tensors[9];

    /// <summary>Where rows and columns stood before a refresh.</summary>
    public Tensor Orders => tensors[10];
}
