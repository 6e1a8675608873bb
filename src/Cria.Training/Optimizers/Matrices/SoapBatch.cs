using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>A batch of matrices with the bases of the sides that are turned.</summary>
/// <param name="Matrices">The matrices.</param>
/// <param name="Left">Its rows, or 0 where they are not turned.</param>
/// <param name="Right">Its columns, or 0.</param>
/// <param name="FirstLeft">Where its part of the left bases begins.</param>
/// <param name="FirstRight">Where its part of the right bases begins.</param>
sealed record SoapBatch(MatrixBatch Matrices, int Left, int Right, long FirstLeft, long FirstRight)
{
    public long LeftLength => (long)Matrices.Count * Left * Left;

    public long RightLength => (long)Matrices.Count * Right * Right;

    Shape Shape => new(Matrices.Count, Matrices.Rows, Matrices.Columns);

    long Each => (long)Matrices.Rows * Matrices.Columns;

    public static SoapBatch[] Of(MatrixBatch[] matrices, int most)
    {
        long left = 0, right = 0;
        var batches = new SoapBatch[matrices.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            int rows = matrices[i].Rows, columns = matrices[i].Columns;
            batches[i] = new(matrices[i], rows <= most ? rows : 0, columns <= most ? columns : 0, left, right);
            left += batches[i].LeftLength;
            right += batches[i].RightLength;
        }
        return batches;
    }

    /// <summary>The clipped gradients, side by side.</summary>
    public void Gather(IKernels kernels, ParameterStore store, Tensor scalars, SoapState state)
    {
        var gathered = Scratch(state, 0);
        for (int i = 0; i < Matrices.Count; i++)
            kernels.Update(FlatState.Range(gathered, (i * Each, Each)), default, default, default,
                FlatState.Range(store.Gradients, (Matrices.Members[i].Offset, Each)), scalars, default(GradientUpdate));
    }

    /// <summary>The moments, and w − η·(√(1 − β₂ᵗ) / (1 − β₁ᵗ)) · Q_L·(m' / (√v + ε))·Q_Rᵀ, then w·(1 − η·λ).</summary>
    public void Update(IKernels kernels, ParameterStore store, Tensor scalars, SoapState state, SoapRecipe constants)
    {
        Tensor gradient = Scratch(state, 0), a = Scratch(state, 1), b = Scratch(state, 2);
        Tensor first = Part(state.First), second = Part(state.Second);
        var turned = Turn(kernels, state, gradient, a, b);
        kernels.Update(Flat(first), Flat(second), Flat(gradient), Flat(turned), Flat(gradient), scalars,
            new MomentsUpdate(constants.Beta1, constants.Beta2));
        var direction = Turn(kernels, state, first, a, b);
        kernels.Update(Flat(direction), Flat(second), default, default, Flat(gradient), scalars, new RatioUpdate(constants.Epsilon));
        direction = TurnBack(kernels, state, direction, direction.Address == a.Address ? b : a);
        for (int i = 0; i < Matrices.Count; i++)
        {
            var (offset, decay, factor) = Matrices.Members[i];
            kernels.Update(FlatState.Range(store.Weights, (offset, Each)), FlatState.Range(direction, (i * Each, Each)), default, default,
                FlatState.Range(store.Gradients, (offset, Each)), scalars, new TurnedUpdate(decay, factor));
        }
    }

    /// <summary>L = β·L + (1 − β)·g·gᵀ and R = β·R + (1 − β)·gᵀ·g</summary>
    public void Average(IKernels kernels, SoapState state, float beta)
    {
        var gradient = Scratch(state, 0);
        var mean = new MatrixProduct(ProductForm.NT) { IsSymmetric = true, Keep = beta, Scale = 1 - beta };
        if (Left > 0)
            kernels.MatrixProducts(LeftPart(state.Left), gradient, gradient, mean);
        if (Right > 0)
            kernels.MatrixProducts(RightPart(state.Right), gradient, gradient, mean with { Form = ProductForm.TN });
    }

    public void MakeBases(IKernels kernels, SoapState state)
    {
        if (Left > 0)
            kernels.EigenBases(LeftPart(state.LeftBasis), LeftPart(state.Left));
        if (Right > 0)
            kernels.EigenBases(RightPart(state.RightBasis), RightPart(state.Right));
    }

    /// <summary>Columns of a basis that change places take the second moment of their direction with them.</summary>
    public void RefreshBases(IKernels kernels, SoapState state)
    {
        Tensor rows = default, columns = default;
        if (Left > 0)
        {
            rows = Blocks.Part(state.Orders, 0, new(Matrices.Count, Left));
            kernels.RefreshBases(LeftPart(state.LeftBasis), rows, LeftPart(state.Left));
        }
        if (Right > 0)
        {
            columns = Blocks.Part(state.Orders, (long)Matrices.Count * Left, new(Matrices.Count, Right));
            kernels.RefreshBases(RightPart(state.RightBasis), columns, RightPart(state.Right));
        }
        kernels.Reorder(Part(state.Second), rows, columns);
    }

    /// <summary>Q_Lᵀ·x·Q_R, in one of the two others.</summary>
    Tensor Turn(IKernels kernels, SoapState state, Tensor x, Tensor a, Tensor b)
    {
        if (Left > 0)
        {
            kernels.MatrixProducts(a, LeftPart(state.LeftBasis), x, new(ProductForm.TN));
            x = a;
        }
        if (Right == 0)
            return x;
        kernels.MatrixProducts(b, x, RightPart(state.RightBasis), new(ProductForm.NN));
        return b;
    }

    /// <summary>Q_L·x·Q_Rᵀ, in x or in the other.</summary>
    Tensor TurnBack(IKernels kernels, SoapState state, Tensor x, Tensor other)
    {
        if (Left > 0)
        {
            kernels.MatrixProducts(other, LeftPart(state.LeftBasis), x, new(ProductForm.NN));
            (x, other) = (other, x);
        }
        if (Right == 0)
            return x;
        kernels.MatrixProducts(other, x, RightPart(state.RightBasis), new(ProductForm.NT));
        return other;
    }

    Tensor Scratch(SoapState state, int which) => Blocks.Part(state.Scratch, which * Matrices.Length, Shape);

    Tensor Part(Tensor flat) => Blocks.Part(flat, Matrices.First, Shape);

    Tensor LeftPart(Tensor flat) => Blocks.Part(flat, FirstLeft, new(Matrices.Count, Left, Left));

    Tensor RightPart(Tensor flat) => Blocks.Part(flat, FirstRight, new(Matrices.Count, Right, Right));

    static Tensor Flat(Tensor batch) => batch.Reshape(new Shape((int)batch.Length));
}
