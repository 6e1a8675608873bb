using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>
/// The nearest semi-orthogonal matrices, nearly: X = U·Σ·Vᵀ becomes U·f(Σ)·Vᵀ, f an odd polynomial that takes every singular value
/// close to 1. Each iteration is X ← (a·I + b·A + c·A²)·X with A = X·Xᵀ, or on the other side where X is tall.
/// </summary>
/// <remarks>
/// A matrix that is not square is iterated on its small side alone: with P = a·I + b·A + c·A², the next A is P·A·P and the product
/// of all P is the factor to multiply X by once at the end ("Gram Newton–Schulz", Dao AI Lab 2026). All these matrices are
/// polynomials of one another, so each product is symmetric and half of it is computed.
/// </remarks>
/// <param name="polynomials">One an iteration, see <see cref="Orthogonalization"/>.</param>
sealed class NewtonSchulz((double A, double B, double C)[] polynomials)
{
    /// <summary>Numbers of scratch for a batch (count, rows, columns).</summary>
    public static long ScratchFor(int count, int rows, int columns)
    {
        long side = Math.Min(rows, columns);
        return count * ((long)rows * columns + (rows == columns ? 2 : 4) * side * side);
    }

    /// <summary>Works on a batch whose matrices have a norm of 1 at most.</summary>
    /// <param name="x">(count, rows, columns); used up, or the result.</param>
    /// <param name="scratch">As long as <see cref="ScratchFor"/> says.</param>
    /// <returns>Where the result is: x, or a part of the scratch.</returns>
    public Tensor Run(IKernels kernels, Tensor x, Tensor scratch)
    {
        int count = x.Shape[0], rows = x.Shape[1], columns = x.Shape[2], side = Math.Min(rows, columns);
        var other = Part(scratch, 0, x.Shape);
        var small = new Shape(count, side, side);
        long next = x.Length;
        Tensor a = Part(scratch, next, small), p = Part(scratch, next + small.Length, small);
        if (rows == columns)
            return Whole(kernels, x, other, a, p);
        Tensor factor = Part(scratch, next + 2 * small.Length, small), spare = Part(scratch, next + 3 * small.Length, small);
        factor = SmallSide(kernels, x, a, p, factor, spare);
        bool isTall = rows > columns;
        kernels.MatrixProducts(other, isTall ? x : factor, isTall ? factor : x, new(ProductForm.NN));
        return other;
    }

    Tensor Whole(IKernels kernels, Tensor x, Tensor other, Tensor a, Tensor p)
    {
        foreach (var polynomial in polynomials)
        {
            kernels.MatrixProducts(a, x, x, new(ProductForm.NT) { IsSymmetric = true });
            kernels.MatrixProducts(other, Factor(kernels, a, p, polynomial), x, new(ProductForm.NN));
            (x, other) = (other, x);
        }
        return x;
    }

    Tensor SmallSide(IKernels kernels, Tensor x, Tensor a, Tensor p, Tensor factor, Tensor spare)
    {
        var symmetric = new MatrixProduct(ProductForm.NN) { IsSymmetric = true };
        kernels.MatrixProducts(a, x, x, symmetric with { Form = x.Shape[1] > x.Shape[2] ? ProductForm.TN : ProductForm.NT });
        for (int i = 0; i < polynomials.Length; i++)
        {
            p = Factor(kernels, a, p, polynomials[i]);
            if (i == 0)
                (factor, p) = (p, factor);
            else
            {
                kernels.MatrixProducts(spare, factor, p, symmetric);
                (factor, spare) = (spare, factor);
            }
            if (i == polynomials.Length - 1)
                break;
            var last = i == 0 ? factor : p;
            kernels.MatrixProducts(spare, a, last, symmetric);
            kernels.MatrixProducts(a, spare, last, symmetric);
        }
        return factor;
    }

    /// <summary>p = a·I + b·A + c·A²; where c is 0 the product has no depth, and only what is kept is left.</summary>
    static Tensor Factor(IKernels kernels, Tensor a, Tensor p, (double A, double B, double C) polynomial)
    {
        var product = new MatrixProduct(ProductForm.NN) { IsSymmetric = true, Keep = polynomial.B, Kept = a, Diagonal = polynomial.A };
        if (polynomial.C == 0)
            kernels.MatrixProducts(p, Part(a, 0, new(a.Shape[0], a.Shape[1], 0)), Part(a, 0, new(a.Shape[0], 0, a.Shape[2])), product);
        else
            kernels.MatrixProducts(p, a, a, product with { Scale = polynomial.C });
        return p;
    }

    static Tensor Part(Tensor scratch, long offset, Shape shape) =>
        new(scratch.Device, scratch.Address + (nint)(offset * scratch.DType.SizeInBytes()), scratch.DType, shape);
}
