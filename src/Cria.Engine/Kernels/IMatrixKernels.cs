using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// What optimizers need that see a parameter as a matrix, in batches (B, rows, columns) of matrices of one shape: a network has
/// many small ones, and one call for all of them keeps every thread busy. The bits of a matrix do not depend on the batch or on
/// threads.
/// </summary>
public interface IMatrixKernels
{
    /// <summary>
    /// A product for each matrix of a batch, see <see cref="MatrixProduct"/>. c (B, M, N); a (B, M, K), b (B, K, N), a factor that
    /// is transposed with its last two sizes the other way round. c is neither a nor b.
    /// </summary>
    void MatrixProducts(Tensor c, Tensor a, Tensor b, MatrixProduct product);

    /// <summary>x[i] = x[i] / (‖x[i]‖ + epsilon), the Frobenius norm summed in double. x (B, M, N).</summary>
    void NormalizeMatrices(Tensor x, double epsilon);

    /// <summary>
    /// The eigenvectors of symmetric matrices as orthonormal columns, that of the greatest eigenvalue first. Where a matrix holds
    /// what is not finite, its bases are the axes. bases, symmetric (B, N, N).
    /// </summary>
    void EigenBases(Tensor bases, Tensor symmetric);

    /// <summary>
    /// One step of orthogonal iteration: the columns q of a basis are ordered by their qᵀ · S · q, the greatest first, and the new
    /// basis is Q of the QR decomposition of S · Q with R's diagonal at least 0. Where that is not finite, the basis stays.
    /// bases, symmetric (B, N, N); order I32 (B, N): where each of the new columns stood.
    /// </summary>
    void RefreshBases(Tensor bases, Tensor order, Tensor symmetric);

    /// <summary>
    /// x[i, r, c] = x[i, rows[i, r], columns[i, c]]. x (B, M, N); rows I32 (B, M); columns I32 (B, N); an order that is nothing
    /// leaves its axis as it is.
    /// </summary>
    void Reorder(Tensor x, Tensor rows, Tensor columns);
}
